using System.Buffers;
using System.Net.WebSockets;

namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>Assembles the frames of a message, up to the real server's limit.</summary>
internal sealed class SocketMessageReader(WebSocket socket)
{
    /// <summary>Bytes; a longer message closes the connection with code 1009 (protocol §1).</summary>
    public const int MaxMessageBytes = 16 * 1024 * 1024;

    private const int ReadSize = 16 * 1024;

    public async Task<SocketMessage> ReadAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(ReadSize);
        while (true)
        {
            var received = await socket.ReceiveAsync(message.GetMemory(ReadSize), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return new SocketMessage(SocketMessageKind.Close, default);
            }

            message.Advance(received.Count);
            if (message.WrittenCount > MaxMessageBytes)
            {
                return new SocketMessage(SocketMessageKind.TooBig, default);
            }

            if (received.EndOfMessage)
            {
                var kind = received.MessageType == WebSocketMessageType.Text ? SocketMessageKind.Text : SocketMessageKind.Binary;
                return new SocketMessage(kind, message.WrittenMemory);
            }
        }
    }

    /// <summary>Discards messages until the peer's close frame.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[ReadSize];
        while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
        }
    }
}

/// <summary>One whole message, or the reason why there is none.</summary>
internal readonly record struct SocketMessage(SocketMessageKind Kind, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>When it was read, as a timestamp of the time provider.</summary>
    public long ReadAt { get; init; }
}

/// <summary>What came in.</summary>
internal enum SocketMessageKind
{
    Text,
    Binary,
    Close,
    TooBig,
}
