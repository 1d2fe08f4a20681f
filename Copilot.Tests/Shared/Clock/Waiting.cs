namespace Copilot.Tests.Shared.Clock;

/// <summary>Waits that end: a test that hangs says in which phase.</summary>
internal static class Waiting
{
    /// <summary>Longer than what is waited for takes on any machine: only a test that hangs comes to it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Awaits a task, and fails with the phase's name when it does not end.</summary>
    public static async Task<T> Soon<T>(this Task<T> task, string phase)
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (TimeoutException error) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {Limit.TotalSeconds:0} s in vain for: {phase}.", error);
        }
    }

    /// <inheritdoc cref="Soon{T}(Task{T}, string)"/>
    public static async Task Soon(this Task task, string phase)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException error) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {Limit.TotalSeconds:0} s in vain for: {phase}.", error);
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
