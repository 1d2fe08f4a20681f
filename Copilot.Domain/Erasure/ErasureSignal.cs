namespace Copilot.Domain.Erasure;

/// <summary>Tells those who wait that something about a forgetting has changed. Take the task before looking.</summary>
internal sealed class ErasureSignal
{
    private TaskCompletionSource _changed = New();

    /// <summary>Completes at the next change.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Says that something has changed.</summary>
    public void Set() => Interlocked.Exchange(ref _changed, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
