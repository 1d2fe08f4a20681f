using System.Threading.Channels;

namespace Copilot.Demo.Upstream.Network;

/// <summary>
/// Queued sends that have not reached the client yet: each is done when it is due, in order. Sending does not wait for that, as with a
/// socket's buffer.
/// </summary>
internal sealed class DelayedSends : IAsyncDisposable
{
    private const int Capacity = 1024;

    private readonly Channel<Delayed> _queue = Channel.CreateBounded<Delayed>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;

    public DelayedSends()
    {
        _sending = SendAllAsync();
    }

    /// <summary>Queues a send of that many bytes.</summary>
    /// <exception cref="IOException">The connection was lost.</exception>
    public Task SendAsync(NetworkLink link, int bytes, Func<Task> send, CancellationToken cancellationToken) =>
        QueueAsync(new Delayed(link, link.ResponseArrival(bytes), send, null), cancellationToken);

    /// <summary>Ends when everything that was queued has been sent.</summary>
    /// <exception cref="IOException">The connection was lost.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await QueueAsync(new Delayed(null, default, null, done), cancellationToken);
        await (await Task.WhenAny(done.Task, _sending).WaitAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task QueueAsync(Delayed next, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(next, cancellationToken);
        }
        catch (ChannelClosedException lost)
        {
            throw new IOException("The connection was lost.", lost);
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var next in _queue.Reader.ReadAllAsync(_stop.Token))
            {
                if (next.Link is { } link)
                {
                    await link.UntilAsync(next.Due, _stop.Token);
                    await next.Send!();
                }

                next.Done?.TrySetResult();
            }
        }
        finally
        {
            // Later senders get an exception: the connection is lost.
            _queue.Writer.TryComplete();
        }
    }

    private sealed record Delayed(NetworkLink? Link, TimeSpan Due, Func<Task>? Send, TaskCompletionSource? Done);
}
