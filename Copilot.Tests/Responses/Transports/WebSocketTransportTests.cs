using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Responses.Connecting;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Transports;

public sealed class WebSocketTransportTests : IAsyncLifetime
{
    private ScriptedUpstream _upstream = null!;
    private readonly List<UpstreamLeg> _legs = [];

    public async ValueTask InitializeAsync() => _upstream = await ScriptedUpstream.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var leg in _legs)
        {
            await leg.DisposeAsync();
        }

        await _upstream.DisposeAsync();
    }

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
    public async Task CreateResponse_Success_StreamsToTheTerminalEventAndClosesWith1000()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var events = CollectAsync(transport, "hello");
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;
        await socket.SendAsync(ShortFrames.Created("resp_1"), ShortFrames.Delta("Hi"), ShortFrames.Completed("resp_1"));

        Assert.Equal(["response.created", "response.output_text.delta", "response.completed"], (await events).Select(e => e.Type));
        Assert.Equal("response.create", frame.GetProperty("type").GetString());
        Assert.False(frame.TryGetProperty("stream", out _));
        Assert.Equal("Bearer " + UpstreamLeg.Key, socket.Request.Headers.Authorization);
        Assert.StartsWith("Copilot/", socket.Request.Headers.UserAgent.ToString(), StringComparison.Ordinal);
        Assert.False(transport.Ended.IsCompleted);

        await transport.DisposeAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
        Assert.Equal(new TransportEnd(TransportEndReason.Closed, 1000, null), await transport.Ended);
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

    [Fact]
    public async Task CreateResponse_ErrorInBand_EndsTheResponseNotTheSocket()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var refused = CollectAsync(transport, "one");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.NotFound);
        var error = Assert.IsType<ResponseErrorEvent>(Assert.Single(await refused));
        Assert.Equal("previous_response_not_found", error.Error.Code);

        var answered = CollectAsync(transport, "two");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_2"), ShortFrames.Completed("resp_2"));
        Assert.Equal(2, (await answered).Count);

        await transport.DisposeAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    [Fact]
    public async Task CreateResponse_FailureReportedTwice_DoesNotEndTheNextResponse()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var first = CollectAsync(transport, "one");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_1"), """{"type":"error","code":"server_error","message":"It broke.","sequence_number":2}""");
        Assert.Equal(2, (await first).Count);

        var second = CollectAsync(transport, "two");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Failed("resp_1"), ShortFrames.Created("resp_2"), ShortFrames.Completed("resp_2"));
        Assert.Equal(["response.created", "response.completed"], (await second).Select(e => e.Type));
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_WhileOneIsInFlight_Throws()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var first = CollectAsync(transport, "one");
        await socket.ReceiveAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => CollectAsync(transport, "two"));
        await socket.SendAsync(ShortFrames.Completed("resp_1"));
        Assert.Single(await first);
        Assert.Equal(0, socket.Waiting);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_FromInsideTheTerminalEvent_IsAllowed()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var reader = transport.CreateResponseAsync(UpstreamLeg.Request(transport, "one"), CancellationToken.None).GetAsyncEnumerator();
        var terminal = reader.MoveNextAsync().AsTask();
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Completed("resp_1"));
        Assert.True(await terminal);

        var second = CollectAsync(transport, "two");
        await socket.ReceiveAsync();
        await reader.DisposeAsync();
        await socket.SendAsync(ShortFrames.Completed("resp_2"));
        Assert.Single(await second);
        await transport.DisposeAsync();
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

    [Fact]
    public async Task CreateResponse_Binary_IsAProtocolError()
    {
        var error = await BreakAsync(socket => socket.SendBinaryAsync([1, 2, 3]), _ => { });
        Assert.Equal(TransportFailure.Protocol, error.Failure);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[1,2]")]
    [InlineData("{\"type\":\"response.created\"")]
    public async Task CreateResponse_TextThatIsNoEvent_IsAProtocolError(string text)
    {
        var error = await BreakAsync(socket => socket.SendAsync(text), _ => { });
        Assert.Equal(TransportFailure.Protocol, error.Failure);
    }

    [Fact]
    public async Task CreateResponse_EventOverTheCap_IsTooLarge()
    {
        var error = await BreakAsync(socket => socket.SendAsync(ShortFrames.Delta(new string('x', 40_000))), options => options.MaxEventBytes = 32_768);
        Assert.Equal(TransportFailure.TooLarge, error.Failure);
    }

    [Fact]
    public async Task CreateResponse_LargeFragmentedEvent_ArrivesWhole()
    {
        var (transport, socket) = await ConnectAsync(_ => { });
        var events = CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        var json = ShortFrames.Delta(new string('x', 300_000));
        await socket.SendFragmentsAsync(json[..10], json[10..200_000], json[200_000..]);
        await socket.SendAsync("[DONE]", ShortFrames.Completed("resp_1"));
        Assert.Equal(300_000, Assert.IsType<TextDeltaEvent>((await events)[0]).Delta.Length);
        Assert.Equal(json, System.Text.Encoding.UTF8.GetString((await events)[0].Json.Span));
        Assert.Equal(2, (await events).Count);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_RequestOverTheCap_IsTooLargeAndNotSent()
    {
        var (transport, socket) = await ConnectAsync(options => options.MaxRequestBytes = 1000);
        var error = await Assert.ThrowsAsync<TransportException>(() => CollectAsync(transport, new string('x', 2000)));
        Assert.Equal(TransportFailure.TooLarge, error.Failure);
        Assert.False(error.MayHaveBeenSent);

        var small = CollectAsync(transport, "small");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Completed("resp_1"));
        Assert.Single(await small);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task CreateResponse_NoFirstEvent_TimesOutAndClosesWith1000()
    {
        var (transport, socket) = await ConnectAsync(options => options.FirstEventTimeout = TimeSpan.FromMilliseconds(100));
        var error = await Assert.ThrowsAsync<TransportException>(() => CollectAsync(transport, "hello").Soon("the first event's clock"));
        Assert.Equal(TransportFailure.FirstEventTimeout, error.Failure);
        Assert.True(error.MayHaveBeenSent);
        await transport.DisposeAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    [Fact]
    public async Task Connect_UpgradeHangs_TimesOut()
    {
        _upstream.OnUpgrade = ScriptedUpstream.Hang;
        var error = await RefusedAsync(options => options.ConnectTimeout = TimeSpan.FromMilliseconds(100));
        Assert.Equal(TransportFailure.ConnectTimeout, error.Failure);
        Assert.False(error.MayHaveBeenSent);
    }

    [Fact]
    public async Task Connect_Cancelled_ThrowsCancellation()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.OnUpgrade = context =>
        {
            asked.SetResult();
            return ScriptedUpstream.Hang(context);
        };
        using var cancel = new CancellationTokenSource();
        var connecting = Leg(_ => { }).ConnectAsync(cancel.Token);
        await asked.Task.Soon("the upgrade is asked for");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon("the cancelled connect"));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(426)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(200)]
    public async Task Connect_Refused_CarriesTheDetails(int status)
    {
        _upstream.OnUpgrade = ScriptedUpstream.Refuse(status, "<html>no</html>", ("Retry-After", "7"), ("x-request-id", "req_42"));
        var error = await RefusedAsync(_ => { });
        Assert.Equal(TransportFailure.Refused, error.Failure);
        Assert.Equal(status, error.HttpStatus);
        Assert.Equal(TimeSpan.FromSeconds(7), error.RetryAfter);
        Assert.Contains("req_42", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(UpstreamLeg.Key, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_Redirected_IsNotFollowed()
    {
        await using var elsewhere = await ScriptedUpstream.StartAsync();
        _upstream.OnUpgrade = ScriptedUpstream.Refuse(307, "", ("Location", elsewhere.BaseUrl + "/responses"));
        var error = await RefusedAsync(_ => { });
        Assert.Equal(TransportFailure.Refused, error.Failure);
        Assert.Equal(307, error.HttpStatus);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Fact]
    public async Task Connect_LostDuringTheUpgrade_IsUnreachable()
    {
        _upstream.OnUpgrade = ScriptedUpstream.Cut;
        Assert.Equal(TransportFailure.Unreachable, (await RefusedAsync(_ => { })).Failure);
    }

    [Fact]
    public async Task Connect_KeyThatCannotBeSent_DoesNotRepeatIt()
    {
        var error = await RefusedAsync(options => options.ApiKey = "sk-äbc\ndef");
        Assert.DoesNotContain("bc", error.ToString().Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(0, _upstream.Requests);
    }

    private UpstreamLeg Leg(Action<UpstreamOptions> configure)
    {
        var leg = UpstreamLeg.To(_upstream.BaseUrl, options =>
        {
            options.Transport = TransportChoice.WebSocket;
            configure(options);
        });
        _legs.Add(leg);
        return leg;
    }

    private async Task<(IResponsesTransport Transport, ScriptedSocket Socket)> ConnectAsync(Action<UpstreamOptions> configure)
    {
        var transport = await Leg(configure).ConnectAsync(CancellationToken.None).Soon("the socket opens");
        return (transport, await _upstream.NextSocketAsync());
    }

    private Task<TransportException> RefusedAsync(Action<UpstreamOptions> configure) =>
        Assert.ThrowsAsync<TransportException>(() => Leg(configure).ConnectAsync(CancellationToken.None).Soon("the refusal"));

    private async Task<TransportException> BreakAsync(Func<ScriptedSocket, Task> breaking, Action<UpstreamOptions> configure)
    {
        var (transport, socket) = await ConnectAsync(configure);
        var reading = CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        await breaking(socket);
        var error = await Assert.ThrowsAsync<TransportException>(() => reading.Soon("the reader learns of it"));
        Assert.Equal(TransportEndReason.Faulted, (await transport.Ended.Soon("the end")).Reason);
        Assert.True(error.MayHaveBeenSent);
        await transport.DisposeAsync();
        return error;
    }

    private static async Task<List<ResponseEvent>> CollectAsync(IResponsesTransport transport, string text)
    {
        var events = new List<ResponseEvent>();
        await CollectIntoAsync(transport, text, events).Soon("the response ends");
        return events;
    }

    private static async Task CollectIntoAsync(IResponsesTransport transport, string text, List<ResponseEvent> events)
    {
        await foreach (var received in transport.CreateResponseAsync(UpstreamLeg.Request(transport, text), CancellationToken.None))
        {
            events.Add(received);
        }
    }
}
