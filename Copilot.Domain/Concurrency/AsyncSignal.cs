namespace Copilot.Domain.Concurrency;

/// <summary>
/// Completes everybody who waits at each change. Who waits takes <see cref="Next"/> before looking at the state, so a change between
/// looking and waiting is not missed. Continuations never run inside <see cref="Set"/>, so it may be called under a lock.
/// </summary>
public sealed class AsyncSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next change.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Reports a change.</summary>
    public void Set() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
