using System.Net.WebSockets;
using Copilot.Demo.Upstream.Network;
namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>
/// The sending half of one connection. Messages are sent one at a time and whole. A fault may request how the connection ends; the
/// connection does it.
/// </summary>
internal sealed class SocketLine(WebSocket socket, SocketStream stream, CancellationToken connectionLost) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DelayedSends _delayed = new();
    private readonly TaskCompletionSource<SocketEnd> _endRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the connection is asked to end.</summary>
    public Task<SocketEnd> EndRequested => _endRequested.Task;

    /// <summary>True when the connection was made dead: nothing more is sent.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Sends a message, at once or when the network below has carried it.</summary>
    public Task SendAsync(
        ReadOnlyMemory<byte> message, WebSocketMessageType type, NetworkLink? link, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return link is null
            ? NowAsync(cancellationToken)
            : _delayed.SendAsync(link, message.Length + NetworkLink.FrameBytes, () => NowAsync(connectionLost), cancellationToken);

        Task NowAsync(CancellationToken token) =>
            InTurnAsync(() => socket.SendAsync(message, type, endOfMessage: true, connectionLost).AsTask(), token);
    }

    /// <summary>Sends a message in fragments, with a pause before each but the first.</summary>
    public async Task SendSlowlyAsync(
        ReadOnlyMemory<byte> message, int fragmentBytes, Func<CancellationToken, Task> pause, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await InTurnAsync(
            async () =>
            {
                for (var start = 0; start < message.Length; start += fragmentBytes)
                {
                    if (start > 0)
                    {
                        await pause(connectionLost);
                    }

                    var length = Math.Min(fragmentBytes, message.Length - start);
                    await socket.SendAsync(
                        message.Slice(start, length), WebSocketMessageType.Text, start + length == message.Length, connectionLost);
                }
            },
            cancellationToken);
    }

    public async Task PingAsync(int count, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await InTurnAsync(() => stream.PingAsync(count, connectionLost), cancellationToken);
    }

    /// <summary>Waits until everything that was sent is out.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _delayed.FlushAsync(cancellationToken);

    public async Task GoDeadAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        IsDead = true;
        stream.GoDead();
    }

    /// <summary>Sends the close frame. Nothing may be sent after it.</summary>
    public async Task CloseAsync(int code, string? reason, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await InTurnAsync(
            () => code == SocketEnd.NoCode
                ? stream.CloseAsync(connectionLost)
                : socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, connectionLost),
            cancellationToken);
    }

    /// <summary>Asks the connection to end. The first request counts.</summary>
    public void End(SocketEnd end) => _endRequested.TrySetResult(end);

    public async ValueTask DisposeAsync()
    {
        await _delayed.DisposeAsync();
        _turn.Dispose();
    }

    private async Task InTurnAsync(Func<Task> send, CancellationToken cancellationToken)
    {
        // Cancelling a send tears the socket down, and a response that is only stopped must leave it whole.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await send();
        }
        finally
        {
            _turn.Release();
        }
    }
}
