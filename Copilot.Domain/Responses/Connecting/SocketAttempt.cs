using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>
/// One socket being opened. It continues after its caller has fallen back to HTTP, until it is open, has failed or is cancelled; its
/// owner awaits that end and disposes it afterwards.
/// </summary>
internal sealed class SocketAttempt : IDisposable
{
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancel;

    private SocketAttempt(SocketProbe probe, CancellationToken cancellationToken)
    {
        Probe = probe;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Receives the result.</summary>
    public SocketProbe Probe { get; }

    /// <summary>Completes when it may connect, and with its end at the latest. Never faults.</summary>
    public Task Admitted => _admitted.Task;

    /// <summary>The open socket; faults with the reason when there is none.</summary>
    public Task<WebSocketTransport> Socket { get; private set; } = null!;

    /// <summary>Starts connecting. The place in the rate limiter's queue is taken before this returns.</summary>
    public static SocketAttempt Start(
        WebSocketTransport socket, SocketProbe probe, ConnectRateLimiter limiter, CancellationToken cancellationToken)
    {
        var attempt = new SocketAttempt(probe, cancellationToken);
        attempt.Socket = attempt.OpenAsync(socket, limiter);
        return attempt;
    }

    /// <summary>Cancels the attempt; <see cref="Socket"/> ends as cancelled unless it was just open.</summary>
    public Task CancelAsync() => _cancel.CancelAsync();

    public void Dispose() => _cancel.Dispose();

    private async Task<WebSocketTransport> OpenAsync(WebSocketTransport socket, ConnectRateLimiter limiter)
    {
        try
        {
            using (await limiter.EnterAsync(_cancel.Token).ConfigureAwait(false))
            {
                if (!Probe.IsWanted)
                {
                    throw new OperationCanceledException("Sockets were turned off while this one waited for its turn.");
                }

                _admitted.TrySetResult();
                await socket.ConnectAsync(_cancel.Token).ConfigureAwait(false);
            }

            return socket;
        }
        catch
        {
            await socket.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _admitted.TrySetResult();
        }
    }
}
