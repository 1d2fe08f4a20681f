using System.Net.WebSockets;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>
/// The sending half of one connection. One message at a time goes out whole, whoever sends it. A fault may tell the
/// connection how to end; the connection does it.
/// </summary>
internal sealed class SocketLine(WebSocket socket, SocketStream stream, CancellationToken connectionLost) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TaskCompletionSource<SocketEnd> _ordered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when somebody ordered the connection to end.</summary>
    public Task<SocketEnd> Ordered => _ordered.Task;

    /// <summary>Whether the connection was told to go dead: nothing is sent any more.</summary>
    public bool IsDead { get; private set; }

    public Task SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type, CancellationToken cancellationToken) =>
        InTurnAsync(() => socket.SendAsync(message, type, endOfMessage: true, connectionLost).AsTask(), cancellationToken);

    /// <summary>Sends a message in fragments, with a pause before each but the first.</summary>
    public Task SendSlowlyAsync(
        ReadOnlyMemory<byte> message, int fragmentBytes, Func<CancellationToken, Task> pause, CancellationToken cancellationToken) =>
        InTurnAsync(
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

    public Task PingAsync(int count, CancellationToken cancellationToken) =>
        InTurnAsync(() => stream.PingAsync(count, connectionLost), cancellationToken);

    public void GoDead()
    {
        IsDead = true;
        stream.GoDead();
    }

    /// <summary>Sends the close frame. Nothing may be sent after it.</summary>
    public Task CloseAsync(int code, string? reason, CancellationToken cancellationToken) => InTurnAsync(
        () => code == SocketEnd.NoCode
            ? stream.CloseAsync(connectionLost)
            : socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, connectionLost),
        cancellationToken);

    /// <summary>Tells the connection to end. The first to tell it is obeyed.</summary>
    public void End(SocketEnd end) => _ordered.TrySetResult(end);

    public void Dispose() => _turn.Dispose();

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
