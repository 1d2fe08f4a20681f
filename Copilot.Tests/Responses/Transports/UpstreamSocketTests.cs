using System.Net.WebSockets;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared.Clock;
namespace Copilot.Tests.Responses.Transports;

/// <summary>The rules between Websocket.Client and the framework's socket.</summary>
public sealed class UpstreamSocketTests
{
    private const int Cap = 100;

    private readonly ScriptedWebSocket _inner = new();
    private readonly ManualClock _time = new();
    private readonly List<SocketEnd> _ends = [];
    private readonly CancellationTokenSource _library = new();
    private readonly byte[] _buffer = new byte[64];
    private readonly UpstreamSocket _socket;

    public UpstreamSocketTests() => _socket = new UpstreamSocket(_inner, Cap, TimeSpan.FromSeconds(20), _time, end =>
    {
        _ends.Add(end);
        return Task.CompletedTask;
    });

    [Fact]
    public async Task Receive_Messages_PassWithoutTheLibrarysToken()
    {
        _inner.Put(60, endOfMessage: false);
        _inner.Put(40);
        _inner.Put(Cap);

        AssertReceived(60, isEnd: false, await ReceiveAsync());
        AssertReceived(40, isEnd: true, await ReceiveAsync());
        AssertReceived(Cap, isEnd: true, await ReceiveAsync());
        Assert.Empty(_inner.Log);
        Assert.Empty(_ends);
    }

    [Fact]
    public async Task Receive_MessageOverTheCap_EndsBeforeItIsWhole()
    {
        _inner.Put(60, endOfMessage: false);
        _inner.Put(41, endOfMessage: false);

        await ReceiveAsync();
        Assert.Equal(WebSocketMessageType.Close, (await ReceiveAsync()).MessageType);
        var end = Assert.Single(_ends);
        Assert.Equal(TransportFailure.TooLarge, end.Error.Failure);
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, end.Reply);
    }

    [Fact]
    public async Task Receive_Binary_EndsAsAgainstTheProtocol()
    {
        _inner.Put(3, type: WebSocketMessageType.Binary);

        Assert.Equal(WebSocketMessageType.Close, (await ReceiveAsync()).MessageType);
        var end = Assert.Single(_ends);
        Assert.Equal(TransportFailure.Protocol, end.Error.Failure);
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, end.Reply);
    }

    [Fact]
    public async Task Receive_ClosedByThePeer_ReportsItsCode()
    {
        _inner.PutClose(WebSocketCloseStatus.PolicyViolation, "no");

        Assert.Equal(WebSocketMessageType.Close, (await ReceiveAsync()).MessageType);
        var end = Assert.Single(_ends);
        Assert.Equal(1008, end.End.CloseCode);
        Assert.Equal(TransportEndReason.ClosedByPeer, end.End.Reason);
    }

    [Fact]
    public async Task Receive_ConnectionBroken_EndsQuietlyForTheLibrary()
    {
        _inner.Break(new WebSocketException(WebSocketError.ConnectionClosedPrematurely));

        Assert.Equal(WebSocketMessageType.Close, (await ReceiveAsync()).MessageType);
        Assert.Equal(TransportFailure.Lost, Assert.Single(_ends).Error.Failure);
        Assert.True(_socket.Finished.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Receive_WhileTheReaderIsBehind_Waits()
    {
        var room = new TaskCompletionSource();
        _inner.Put(1);
        _inner.Put(2);
        await ReceiveAsync();
        _socket.WaitFor(room.Task);

        var next = ReceiveAsync();
        Assert.False(next.IsCompleted);
        Assert.Equal(1, _inner.Receives);

        room.SetResult();
        AssertReceived(2, isEnd: true, await next);
    }

    [Fact]
    public async Task Receive_AfterAVerdictOnAMessage_HandlesTheEndAndReceivesNoMore()
    {
        var verdict = SocketEnd.TooOld("Too old.");
        _inner.Put(1);
        await ReceiveAsync();
        _socket.EndWith(verdict);

        Assert.Equal(WebSocketMessageType.Close, (await ReceiveAsync()).MessageType);
        Assert.Same(verdict, Assert.Single(_ends));
        Assert.Equal(1, _inner.Receives);
    }

    [Fact]
    public async Task State_OfABrokenConnection_IsOpenUntilTheEndIsHandled()
    {
        var handled = new TaskCompletionSource();
        var seen = new TaskCompletionSource();
        using var socket = new UpstreamSocket(_inner, Cap, TimeSpan.FromSeconds(20), _time, _ =>
        {
            seen.SetResult();
            return handled.Task;
        });
        _inner.Break(new IOException());

        var receiving = socket.ReceiveAsync(_buffer.AsMemory(), _library.Token).AsTask();
        await seen.Task.Soon("the end");
        Assert.Equal(WebSocketState.Open, socket.State);
        Assert.False(socket.IsOpen);

        handled.SetResult();
        await receiving.Soon("the loop is told");
        Assert.Equal(WebSocketState.Aborted, socket.State);
    }

    [Fact]
    public async Task Finished_EndCouldNotBeHandled_CarriesWhy()
    {
        using var socket = new UpstreamSocket(_inner, Cap, TimeSpan.FromSeconds(20), _time, _ => throw new InvalidOperationException("A bug."));
        _inner.Break(new IOException());

        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(_buffer.AsMemory(), _library.Token)).MessageType);
        await Assert.ThrowsAsync<InvalidOperationException>(() => socket.Finished);
    }

    [Fact]
    public async Task Send_WhatTheLibraryCallsBinary_GoesAsTextWithoutItsToken()
    {
        await _socket.SendAsync(_buffer.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, _library.Token);

        Assert.Equal(["send Text 64"], _inner.Log);
    }

    [Fact]
    public async Task Close_PeerDoesNotAnswer_GivesUpAfterTheGrace()
    {
        var closing = _socket.CloseCleanlyAsync(WebSocketCloseStatus.NormalClosure, awaitPeer: true);
        Assert.False(closing.IsCompleted);

        _time.Advance(UpstreamSocket.CloseGrace);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing.Soon("the close is given up"));
        Assert.Equal(["close 1000"], _inner.Log);
    }

    [Fact]
    public async Task CloseOutput_TheLibrarysAnswerToAnEnd_IsNotSentAgain()
    {
        _inner.PutClose(WebSocketCloseStatus.NormalClosure, "bye");
        await ReceiveAsync();

        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "Closing", CancellationToken.None);
        Assert.Empty(_inner.Log);
    }

    private Task<ValueWebSocketReceiveResult> ReceiveAsync() => _socket.ReceiveAsync(_buffer.AsMemory(), _library.Token).AsTask();

    private static void AssertReceived(int count, bool isEnd, ValueWebSocketReceiveResult received)
    {
        Assert.Equal(count, received.Count);
        Assert.Equal(isEnd, received.EndOfMessage);
    }
}
