using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Responses.Transports;

/// <summary>
/// What Websocket.Client gets in place of the framework's socket. It adds the rules that the library lacks: text
/// frames only, a cap on an event's size, no receiving while the reader is behind, no token that would abort the socket, a clean close.
/// </summary>
/// <remarks>
/// The library's loop never sees an exception. However receiving ends, the end is handled first and the loop then receives a close, on
/// which it exits quietly; on an exception it would abort and dispose from a task that is never awaited.
/// </remarks>
/// <param name="inner">The connected socket. It belongs to this one.</param>
/// <param name="maxEventBytes">How many bytes an event may have.</param>
/// <param name="keepAliveTimeout">The time-out of a ping, for the sentence about one.</param>
/// <param name="time">Measures the close's time-out.</param>
/// <param name="finish">Handles the end; called once.</param>
internal sealed class UpstreamSocket(
    WebSocket inner, int maxEventBytes, TimeSpan keepAliveTimeout, TimeProvider time, Func<SocketEnd, Task> finish) : WebSocket
{
    /// <summary>How long to wait for the upstream's answer to our close.</summary>
    internal static readonly TimeSpan CloseGrace = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _room = Task.CompletedTask;
    private SocketEnd? _end;
    private bool _begun;
    private int _length;

    /// <summary>Completes when receiving has ended and the end was handled.</summary>
    public Task Finished => _finished.Task;

    /// <summary>True while the connection itself can carry a frame.</summary>
    public bool IsOpen => inner.State is WebSocketState.Open;

    /// <summary>True while the upstream can still be sent a close frame.</summary>
    public bool CanClose => inner.State is WebSocketState.Open or WebSocketState.CloseReceived;

    /// <summary>
    /// Open until receiving has ended, whatever the connection's state: in any other state the library silently discards what it should send,
    /// and exits its loop before it has seen the end.
    /// </summary>
    public override WebSocketState State => _finished.Task.IsCompleted ? inner.State : WebSocketState.Open;

    /// <inheritdoc/>
    public override WebSocketCloseStatus? CloseStatus => inner.CloseStatus;

    /// <inheritdoc/>
    public override string? CloseStatusDescription => inner.CloseStatusDescription;

    /// <inheritdoc/>
    public override string? SubProtocol => inner.SubProtocol;

    /// <summary>Nothing more is received until there is room. To be called while a message is handled.</summary>
    public void WaitFor(Task room) => _room = room;

    /// <summary>Nothing more is received. To be called while a message is handled; the next receive handles the end.</summary>
    public void EndWith(SocketEnd end) => _end = end;

    /// <summary>Sends a close frame, and waits for the upstream's if asked; both within <see cref="CloseGrace"/>.</summary>
    /// <exception cref="OperationCanceledException">The upstream was too slow.</exception>
    /// <exception cref="WebSocketException">The connection is gone.</exception>
    public async Task CloseCleanlyAsync(WebSocketCloseStatus status, bool awaitPeer)
    {
        using var grace = new CancellationTokenSource(CloseGrace, time);
        await inner.CloseOutputAsync(status, null, grace.Token).ConfigureAwait(false);
        if (awaitPeer)
        {
            await Finished.WaitAsync(grace.Token).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (!_begun)
            {
                // The library begins to receive inside its start, whose caller does not wait for what the upstream sends.
                _begun = true;
                await Task.Yield();
            }

            await _room.ConfigureAwait(false);
            if (_end is null)
            {
                // Never with a token: cancelling a receive aborts the socket.
                var received = await inner.ReceiveAsync(buffer, CancellationToken.None).ConfigureAwait(false);
                _end = EndBy(received);
                if (_end is null)
                {
                    return received;
                }
            }
        }
        catch (Exception exception)
        {
            _end = SocketEnd.Broken(exception, keepAliveTimeout);
        }

        await FinishAsync(_end).ConfigureAwait(false);
        return new ValueWebSocketReceiveResult(0, WebSocketMessageType.Close, endOfMessage: true);
    }

    /// <inheritdoc/>
    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        var received = await ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
        return new WebSocketReceiveResult(received.Count, received.MessageType, received.EndOfMessage, CloseStatus, CloseStatusDescription);
    }

    /// <summary>Always sends text, and without the library's token: cancelling a send aborts the socket as well.</summary>
    public override ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        inner.SendAsync(buffer, WebSocketMessageType.Text, endOfMessage, CancellationToken.None);

    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, WebSocketMessageType, bool, CancellationToken)"/>
    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken).AsTask();

    /// <summary>What the library answers a close with. That was done when the end was handled.</summary>
    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        Finished.IsCompleted ? Task.CompletedTask : CloseCleanlyAsync(closeStatus, awaitPeer: false);

    /// <inheritdoc/>
    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        CloseCleanlyAsync(closeStatus, awaitPeer: true);

    /// <inheritdoc/>
    public override void Abort() => inner.Abort();

    /// <inheritdoc/>
    public override void Dispose() => inner.Dispose();

    private SocketEnd? EndBy(ValueWebSocketReceiveResult received)
    {
        if (received.MessageType is WebSocketMessageType.Close)
        {
            return SocketEnd.ClosedByPeer(inner.CloseStatus, inner.CloseStatusDescription);
        }

        if (received.MessageType is WebSocketMessageType.Binary)
        {
            return SocketEnd.Rejected(
                TransportFailure.Protocol, "The upstream sent binary data, which is not the protocol.", WebSocketCloseStatus.InvalidMessageType);
        }

        _length += received.Count;
        if (_length > maxEventBytes)
        {
            return SocketEnd.Rejected(
                TransportFailure.TooLarge, $"The upstream sent an event of more than {maxEventBytes} bytes.", WebSocketCloseStatus.MessageTooBig);
        }

        if (received.EndOfMessage)
        {
            _length = 0;
        }

        return null;
    }

    private async Task FinishAsync(SocketEnd end)
    {
        try
        {
            await finish(end).ConfigureAwait(false);
            _finished.TrySetResult();
        }
        catch (Exception exception)
        {
            // Reported when the socket is disposed.
            _finished.TrySetException(exception);
        }
    }
}
