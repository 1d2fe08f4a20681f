using System.Net.WebSockets;
using System.Threading.Channels;

namespace Copilot.Tests.Responses.Transports;

/// <summary>A connected socket without a connection: what it receives is put in, what is asked of it is noted.</summary>
internal sealed class ScriptedWebSocket : WebSocket
{
    private readonly Channel<Func<Memory<byte>, ValueWebSocketReceiveResult>> _frames =
        Channel.CreateUnbounded<Func<Memory<byte>, ValueWebSocketReceiveResult>>();

    private WebSocketState _state = WebSocketState.Open;
    private WebSocketCloseStatus? _closeStatus;
    private string? _closeStatusDescription;

    public override WebSocketState State => _state;

    public override WebSocketCloseStatus? CloseStatus => _closeStatus;

    public override string? CloseStatusDescription => _closeStatusDescription;

    public override string? SubProtocol => null;

    /// <summary>What was done, in order; receiving only when it was done with a token.</summary>
    public List<string> Log { get; } = [];

    /// <summary>How many receives were begun.</summary>
    public int Receives { get; private set; }

    /// <summary>Puts a frame of this many bytes in.</summary>
    public void Put(int length, bool endOfMessage = true, WebSocketMessageType type = WebSocketMessageType.Text) =>
        _frames.Writer.TryWrite(_ => new ValueWebSocketReceiveResult(length, type, endOfMessage));

    /// <summary>Puts the peer's close frame in.</summary>
    public void PutClose(WebSocketCloseStatus status, string description) => _frames.Writer.TryWrite(_ =>
    {
        (_state, _closeStatus, _closeStatusDescription) = (WebSocketState.CloseReceived, status, description);
        return new ValueWebSocketReceiveResult(0, WebSocketMessageType.Close, endOfMessage: true);
    });

    /// <summary>Breaks the connection.</summary>
    public void Break(Exception exception) => _frames.Writer.TryWrite(_ =>
    {
        _state = WebSocketState.Aborted;
        throw exception;
    });

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Receives++;
        if (cancellationToken.CanBeCanceled)
        {
            Log.Add("receive with a token");
        }

        return (await _frames.Reader.ReadAsync(CancellationToken.None))(buffer);
    }

    public override ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        Log.Add($"send {messageType} {buffer.Length}{(cancellationToken.CanBeCanceled ? " with a token" : "")}");
        return ValueTask.CompletedTask;
    }

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        Log.Add($"close {(int)closeStatus} {statusDescription}".Trim());
        return Task.CompletedTask;
    }

    public override void Abort() => Log.Add("abort");

    public override void Dispose() => Log.Add("dispose");

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
