namespace Copilot.Tests.Shared.Clock;

/// <summary>Waits that end: a test that hangs says in which phase.</summary>
internal static class Waiting
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Awaits a task, and fails with the phase's name when it does not end.</summary>
    public static async Task<T> Soon<T>(this Task<T> task, string phase)
    {
        try
        {
            return await task.WaitAsync(s_limit);
        }
        catch (TimeoutException error) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {s_limit.TotalSeconds:0} s in vain for: {phase}.", error);
        }
    }

    /// <inheritdoc cref="Soon{T}(Task{T}, string)"/>
    public static async Task Soon(this Task task, string phase)
    {
        try
        {
            await task.WaitAsync(s_limit);
        }
        catch (TimeoutException error) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {s_limit.TotalSeconds:0} s in vain for: {phase}.", error);
        }
    }

    /// <summary>The same for what takes its time; the phase says how things stand then.</summary>
    public static async Task Within(this Task task, TimeSpan limit, Func<string> phase)
    {
        try
        {
            await task.WaitAsync(limit);
        }
        catch (TimeoutException error) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {limit.TotalSeconds:0} s in vain for: {phase()}.", error);
        }
    }
}
