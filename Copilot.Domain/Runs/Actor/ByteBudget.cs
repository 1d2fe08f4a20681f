namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// Bytes that were received and are not committed yet. Who enters waits while the budget is spent, so back-pressure reaches the
/// socket. One event larger than the whole budget may enter alone.
/// </summary>
internal sealed class ByteBudget(long limit)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _released = NewSignal();
    private long _used;

    public async ValueTask EnterAsync(int bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task released;
            lock (_lock)
            {
                if (_used == 0 || _used + bytes <= limit)
                {
                    _used += bytes;
                    return;
                }

                released = _released.Task;
            }

            await released.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Release(long bytes)
    {
        TaskCompletionSource released;
        lock (_lock)
        {
            _used -= bytes;
            released = _released;
            _released = NewSignal();
        }

        released.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
