using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Copilot.Tests.Shared.Clock;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Copilot.Tests.Shared.Upstream;

/// <summary>The server's end of one socket: what the client sent, and what the test wants to say.</summary>
internal sealed class ScriptedSocket(HttpContext context, WebSocket socket, bool answersClose)
{
    private readonly Channel<string> _frames = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<int?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Taken at once: the context itself has none any more when its request has just ended.
    private readonly IHttpRequestLifetimeFeature _lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();

    /// <summary>The upgrade request.</summary>
    public RequestHead Request { get; } = RequestHead.Of(context.Request);

    /// <summary>The close code that the client sent; null when the connection broke without one.</summary>
    public Task<int?> ClosedByClient => _closed.Task.Soon("the client closes the socket");

    /// <summary>The next text frame of the client.</summary>
    public Task<string> ReceiveAsync() => _frames.Reader.ReadAsync().AsTask().Soon("the client sends a frame");

    /// <summary>How many frames wait to be received.</summary>
    public int Waiting => _frames.Reader.Count;

    /// <summary>Sends text frames, one event each.</summary>
    public async Task SendAsync(params string[] frames)
    {
        foreach (var frame in frames)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
    }

    /// <summary>Sends one text message in pieces.</summary>
    public async Task SendFragmentsAsync(params string[] pieces)
    {
        for (var i = 0; i < pieces.Length; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(pieces[i]), WebSocketMessageType.Text, i == pieces.Length - 1, CancellationToken.None);
        }
    }

    /// <summary>Sends one text message whose bytes may be anything.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes) =>
        await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>Sends what the protocol does not have.</summary>
    public Task SendBinaryAsync(byte[] bytes) => socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    /// <summary>Closes from the server's side.</summary>
    public Task CloseAsync(int code, string? description) =>
        socket.CloseOutputAsync((WebSocketCloseStatus)code, description, CancellationToken.None);

    /// <summary>Cuts the TCP connection.</summary>
    public void Cut() => _lifetime.Abort();

    /// <summary>Serves the socket until it ends.</summary>
    internal async Task RunAsync(bool reads)
    {
        if (!reads)
        {
            await ScriptedUpstream.Hang(context);
            _closed.TrySetResult(null);
            return;
        }

        var buffer = new byte[64 * 1024];
        var message = new MemoryStream();
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    _closed.TrySetResult((int?)socket.CloseStatus);
                    if (!answersClose)
                    {
                        await ScriptedUpstream.Hang(context);
                    }
                    else if (socket.State == WebSocketState.CloseReceived)
                    {
                        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    }

                    return;
                }

                message.Write(buffer, 0, received.Count);
                if (received.EndOfMessage)
                {
                    _frames.Writer.TryWrite(Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            _closed.TrySetResult(null);
        }
        finally
        {
            _frames.Writer.TryComplete();
        }
    }
}
