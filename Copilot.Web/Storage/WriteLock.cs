namespace Copilot.Web.Storage;

/// <summary>
/// Lets one writer at a time into the database, in the order they came. SQLite has one write lock and hands it out unfairly and
/// by polling: a second writer raises the commit p99 six-fold, so nobody writes without a pass.
/// </summary>
internal sealed class WriteLock
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<Pass>> _waiting = [];
    private bool _taken;

    /// <summary>Waits for its turn. Dispose the pass to let the next one in; disposing twice does nothing.</summary>
    /// <exception cref="OperationCanceledException">The token fired first; the place in the queue is given up.</exception>
    public async Task<Pass> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource<Pass>> place;
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return new Pass(this);
            }

            place = _waiting.AddLast(new TaskCompletionSource<Pass>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        await using var registration = cancellationToken.UnsafeRegister(_ => GiveUp(place, cancellationToken), null);
        return await place.Value.Task;
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource<Pass>> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // No list: it has just been handed the pass, and its owner will give it back.
            if (place.List is null)
            {
                return;
            }

            _waiting.Remove(place);
        }

        place.Value.TrySetCanceled(cancellationToken);
    }

    private void Leave()
    {
        TaskCompletionSource<Pass>? next;
        lock (_lock)
        {
            next = _waiting.First?.Value;
            if (next is null)
            {
                _taken = false;
                return;
            }

            _waiting.RemoveFirst();
        }

        next.SetResult(new Pass(this));
    }

    /// <summary>The right to write, until it is disposed.</summary>
    internal sealed class Pass(WriteLock gate) : IDisposable
    {
        private int _left;

        /// <summary>Lets the next writer in.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                gate.Leave();
            }
        }
    }
}
