namespace Copilot.Domain.Erasure;

/// <summary>Signals that an erasure request has changed. Take the task before reading the state.</summary>
internal sealed class ErasureSignal
{
    private TaskCompletionSource _changed = New();

    /// <summary>Completes at the next change.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Signals a change.</summary>
    public void Set() => Interlocked.Exchange(ref _changed, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
