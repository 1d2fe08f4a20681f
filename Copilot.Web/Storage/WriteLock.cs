namespace Copilot.Web.Storage;

/// <summary>
/// Admits one database writer at a time, in order of arrival. SQLite's own write lock is unfair and polls: a second writer raises the
/// commit p99 six-fold, so every write takes this lock first.
/// </summary>
internal sealed class WriteLock
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<Pass>> _waiting = [];
    private bool _isHeld;

    /// <summary>Waits for the lock. Dispose the pass to release it; disposing twice does nothing.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting; the place in the queue is freed.</exception>
    public async Task<Pass> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource<Pass>> node;
        lock (_lock)
        {
            if (!_isHeld)
            {
                _isHeld = true;
                return new Pass(this);
            }

            node = _waiting.AddLast(new TaskCompletionSource<Pass>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        await using var registration = cancellationToken.UnsafeRegister(_ => CancelWait(node, cancellationToken), null);
        return await node.Value.Task;
    }

    private void CancelWait(LinkedListNode<TaskCompletionSource<Pass>> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // No list: the waiter has just got the pass and will release it.
            if (node.List is null)
            {
                return;
            }

            _waiting.Remove(node);
        }

        node.Value.TrySetCanceled(cancellationToken);
    }

    private void Release()
    {
        TaskCompletionSource<Pass>? next;
        lock (_lock)
        {
            next = _waiting.First?.Value;
            if (next is null)
            {
                _isHeld = false;
                return;
            }

            _waiting.RemoveFirst();
        }

        next.SetResult(new Pass(this));
    }

    /// <summary>The right to write, until it is disposed.</summary>
    internal sealed class Pass(WriteLock writeLock) : IDisposable
    {
        private int _released;

        /// <summary>Releases the lock.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                writeLock.Release();
            }
        }
    }
}
