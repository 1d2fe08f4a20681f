using Copilot.Domain.Concurrency;
namespace Copilot.Domain.Runs.Actor.Sending;

/// <summary>
/// Bytes that were received and are not committed yet. Who enters waits while the budget is spent, so back-pressure reaches the
/// socket. One event larger than the whole budget may enter alone.
/// </summary>
internal sealed class ByteBudget(long limit)
{
    private readonly Lock _lock = new();
    private readonly AsyncSignal _released = new();
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

                released = _released.Next;
            }

            await released.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Counts bytes without waiting.</summary>
    public void Take(int bytes)
    {
        lock (_lock)
        {
            _used += bytes;
        }
    }

    public void Release(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
        }

        _released.Set();
    }
}
