namespace Copilot.Domain.Concurrency;

/// <summary>
/// Completes everybody who waits at each change. Who waits takes <see cref="Next"/> before looking at the state, so a change between
/// looking and waiting is not missed. Continuations never run inside <see cref="Set"/>, so it may be called under a lock. A change
/// without a waiter allocates nothing.
/// </summary>
public sealed class AsyncSignal
{
    // Null until somebody asks for it.
    private TaskCompletionSource? _next;

    /// <summary>Completes at the next change.</summary>
    public Task Next
    {
        get
        {
            if (Volatile.Read(ref _next) is { } next)
            {
                return next.Task;
            }

            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _next, created, null) ?? created).Task;
        }
    }

    /// <summary>Reports a change.</summary>
    public void Set() => Interlocked.Exchange(ref _next, null)?.SetResult();
}
