using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Responses.Connecting;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Responses.Transports;

/// <summary>How a WebSocket ends: closed, lost or left, in use and idle.</summary>
public sealed class WebSocketEndTests : WebSocketTransportScene
{
    [Fact]
    public async Task Dispose_AskedForTwiceAtOnce_BothReturnOnlyWhenTheSocketIsGone()
    {
        _upstream.AnswersClose = false;
        await using var leg = UpstreamLeg.To(_upstream.BaseUrl, _ => { });
        var transport = await leg.ConnectAsync(CancellationToken.None);
        var socket = await _upstream.NextSocketAsync();

        var first = transport.DisposeAsync().AsTask();
        await transport.Ended.Soon("the end is known");
        var second = transport.DisposeAsync().AsTask();
        await second.Soon("the second dispose");

        Assert.Equal(0, leg.Sockets);
        await first.Soon("the first dispose");
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    [Fact]
    public async Task CreateResponse_CancelledMidStream_ThrowsAndClosesWith1000()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        using var cancel = new CancellationTokenSource();
        var reader = transport.CreateResponseAsync(UpstreamLeg.Request(transport, "hello"), cancel.Token).GetAsyncEnumerator();
        var first = reader.MoveNextAsync().AsTask();
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_1"));
        Assert.True(await first);

        var second = reader.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon("the cancelled read ends"));
        Assert.Equal(cancel.Token, thrown.CancellationToken);
        await reader.DisposeAsync();
        Assert.False(transport.Ended.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => CollectAsync(transport, "again"));

        await transport.DisposeAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    [Fact]
    public async Task CreateResponse_LeftEarlyWhileEventsPileUp_StillClosesWith1000()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var reader = transport.CreateResponseAsync(UpstreamLeg.Request(transport, "hello"), CancellationToken.None).GetAsyncEnumerator();
        var first = reader.MoveNextAsync().AsTask();
        await socket.ReceiveAsync();
        var sending = socket.SendAsync([ShortFrames.Created("resp_1"), .. Enumerable.Repeat(ShortFrames.Delta("word"), 500)]);
        Assert.True(await first.Soon("the first event"));
        await reader.DisposeAsync();

        await sending.Soon("the abandoned events are taken in");
        await transport.DisposeAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateResponse_ConnectionLost_ThrowsLost(bool beforeTheFirstEvent)
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var reader = transport.CreateResponseAsync(UpstreamLeg.Request(transport, "hello"), CancellationToken.None).GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        await socket.ReceiveAsync();
        if (!beforeTheFirstEvent)
        {
            await socket.SendAsync(ShortFrames.Created("resp_1"));
            Assert.True(await next.Soon("the first event"));
            next = reader.MoveNextAsync().AsTask();
        }

        socket.Cut();
        var error = await Assert.ThrowsAsync<TransportException>(() => next.Soon("the reader learns of the cut"));
        Assert.Equal(TransportFailure.Lost, error.Failure);
        Assert.True(error.MayHaveBeenSent);
        Assert.Null(error.CloseCode);
        Assert.Equal(TransportEndReason.Faulted, (await transport.Ended.Soon("the end")).Reason);
        await reader.DisposeAsync();
        await transport.DisposeAsync();
    }

    [Theory]
    [InlineData(1000, "done")]
    [InlineData(1008, null)]
    [InlineData(1009, "too big")]
    [InlineData(1011, "oops")]
    public async Task CreateResponse_ClosedWithoutTerminalEvent_ThrowsLostWithTheCode(int code, string? description)
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var seen = new List<ResponseEvent>();
        var reading = CollectIntoAsync(transport, "hello", seen);
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_1"));
        await socket.CloseAsync(code, description);

        var error = await Assert.ThrowsAsync<TransportException>(() => reading.Soon("the reader learns of the close"));
        Assert.Equal(TransportFailure.Lost, error.Failure);
        Assert.Equal(code, error.CloseCode);
        Assert.True(error.MayHaveBeenSent);
        Assert.Single(seen);
        var end = await transport.Ended;
        Assert.Equal(TransportEndReason.ClosedByPeer, end.Reason);
        Assert.Equal(code, end.CloseCode);
        Assert.Equal(1000, await socket.ClosedByClient);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task Ended_ClosedWhileIdle_Completes()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        await socket.CloseAsync(1012, "restart");
        var end = await transport.Ended.Soon("the idle socket's end");
        Assert.Equal(TransportEndReason.ClosedByPeer, end.Reason);
        Assert.Equal(1012, end.CloseCode);
        Assert.Equal("The upstream closed the socket with code 1012: restart.", end.Detail);

        var error = await Assert.ThrowsAsync<TransportException>(() => CollectAsync(transport, "late"));
        Assert.Equal(TransportFailure.Lost, error.Failure);
        Assert.Equal(1012, error.CloseCode);
        Assert.False(error.MayHaveBeenSent);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task Ended_LostWhileIdle_CompletesAsFaulted()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        socket.Cut();
        Assert.Equal(TransportEndReason.Faulted, (await transport.Ended.Soon("the idle socket's end")).Reason);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task Ended_ConnectionLimitWhileIdle_CompletesAndCloses()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        await socket.SendAsync("""{"type":"keepalive","sequence_number":7}""", ShortFrames.TooOld);
        var end = await transport.Ended.Soon("the aged socket's end");
        Assert.Equal(TransportEndReason.ClosedByPeer, end.Reason);
        Assert.Contains("60 minutes", end.Detail, StringComparison.Ordinal);
        Assert.Equal(1000, await socket.ClosedByClient);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task Ended_PingsUnanswered_CompletesAsFaulted()
    {
        _upstream.Reads = false;
        var (transport, _) = await ConnectAsync(options =>
        {
            options.KeepAliveInterval = TimeSpan.FromMilliseconds(50);
            options.KeepAliveTimeout = TimeSpan.FromMilliseconds(50);
        });
        var end = await transport.Ended.Soon("the watchdog");
        Assert.Equal(TransportEndReason.Faulted, end.Reason);
        Assert.Equal(UpstreamTimeout.KeepAlive, end.Timeout);
        Assert.Equal("The upstream did not answer a ping within 0.05 s.", end.Detail);
        var late = await Assert.ThrowsAsync<TransportException>(() => CollectAsync(transport, "late"));
        Assert.Equal(TransportFailure.KeepAliveTimeout, late.Failure);
        Assert.False(late.MayHaveBeenSent);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_PingsUnanswered_NamesTheTimeout()
    {
        _upstream.Reads = false;
        var (transport, _) = await ConnectAsync(options =>
        {
            options.KeepAliveInterval = TimeSpan.FromMilliseconds(400);
            options.KeepAliveTimeout = TimeSpan.FromMilliseconds(50);
        });
        var error = await Assert.ThrowsAsync<TransportException>(() => CollectAsync(transport, "hello"));
        Assert.Equal(TransportFailure.KeepAliveTimeout, error.Failure);
        Assert.Equal(UpstreamTimeout.KeepAlive, error.Timeout!.Value);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_PeerDoesNotAnswerTheClose_EndsAllTheSame()
    {
        _upstream.AnswersClose = false;
        var (transport, socket) = await ConnectAsync(_ => { });
        await transport.DisposeAsync().AsTask().Soon("disposing without the peer");
        Assert.Equal(1000, await socket.ClosedByClient);
        await transport.DisposeAsync();
    }
}
