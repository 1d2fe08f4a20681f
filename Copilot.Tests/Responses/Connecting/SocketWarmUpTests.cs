using System.Text.Json;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Connecting;

public sealed class SocketWarmUpTests : IAsyncLifetime
{
    private static readonly ResponseSettings s_settings = new() { Model = "gpt-5.6", Instructions = "Be of help." };
    private static readonly InputItem s_before = InputItem.UserMessage("Where is it?");
    private static readonly InputItem s_now = InputItem.UserMessage("And now?");

    private readonly ResponsesSession _session = new();
    private ScriptedUpstream _upstream = null!;
    private UpstreamLeg _leg = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _leg = UpstreamLeg.To(_upstream.BaseUrl, _ => { });
    }

    public async ValueTask DisposeAsync()
    {
        await _leg.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_Taken_MakesTheFirstRequestADelta(bool withScaffold)
    {
        await using var transport = await OpenAsync();
        var socket = await _upstream.NextSocketAsync();
        var warming = SendAsync(transport);
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;
        Assert.False(frame.GetProperty("generate").GetBoolean());
        Assert.Equal(1, frame.GetProperty("input").GetArrayLength());
        await socket.SendAsync(withScaffold ? [ShortFrames.Created("resp_w"), ShortFrames.Completed("resp_w")] : [ShortFrames.Completed("resp_w")]);
        var result = await warming.Soon("the warm-up");
        Assert.Equal(WarmUpOutcome.Warm, result.Outcome);
        Assert.False(result.Refused);
        Assert.Equal("resp_w", result.Warmed!.ResponseId);
        Assert.Equal(1, result.Warmed.InputItems);

        var plan = _session.Plan(transport, s_settings, [s_before, s_now]);
        Assert.Equal(SendMode.Delta, plan.Mode);
        Assert.Equal(1, plan.InputItems);
        Assert.Equal("resp_w", plan.PreviousResponseId);
        Assert.False(plan.Request.WarmUp);
        Assert.Equal(SocketCircuit.Closed, _leg.Breaker.State.State);
    }

    [Theory]
    [InlineData("""{"type":"error","status":400,"error":{"detail":"Unsupported parameter: generate"}}""", true)]
    [InlineData("""{"type":"error","status":429,"error":{"code":"rate_limit_exceeded","message":"Slow down."}}""", false)]
    [InlineData("""{"type":"response.failed","response":{"id":"resp_w","status":"failed","error":{"code":"server_error","message":"No."}}}""", false)]
    public async Task Send_NotTaken_SocketServesAFullRequest(string answer, bool refused)
    {
        await using var transport = await OpenAsync();
        var socket = await _upstream.NextSocketAsync();
        var warming = SendAsync(transport);
        await socket.ReceiveAsync();
        await socket.SendAsync(answer);
        Assert.Equal(new WarmUpResult(WarmUpOutcome.NotTaken, refused, null), await warming.Soon("the warm-up"));

        Assert.Equal(SendMode.Full, _session.Plan(transport, s_settings, [s_before, s_now]).Mode);
        var reading = UpstreamLeg.CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Completed("resp_1"));
        Assert.Single(await reading);
    }

    [Fact]
    public async Task Send_SocketLost_IsBroken()
    {
        await using var transport = await OpenAsync();
        var socket = await _upstream.NextSocketAsync();
        var warming = SendAsync(transport);
        await socket.ReceiveAsync();
        socket.Cut();
        Assert.Equal(new WarmUpResult(WarmUpOutcome.Broken, false, null), await warming.Soon("the warm-up"));
        Assert.Equal(SendMode.Full, _session.Plan(transport, s_settings, [s_before, s_now]).Mode);
    }

    [Fact]
    public async Task Send_AnsweredInsteadOfRead_IsLeftAtOnceAndNotAskedAgain()
    {
        await using var transport = await OpenAsync();
        var socket = await _upstream.NextSocketAsync();
        var warming = SendAsync(transport);
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_w"), ShortFrames.Delta("It ignores gen"));
        Assert.Equal(new WarmUpResult(WarmUpOutcome.Broken, true, null), await warming.Soon("the warm-up"));
    }

    [Fact]
    public async Task Send_Http_AsksNothing()
    {
        await using var transport = await _leg.ConnectAsync(ConnectPurpose.HttpForRun, CancellationToken.None);
        Assert.Equal(new WarmUpResult(WarmUpOutcome.NotTaken, false, null), await SendAsync(transport));
        Assert.Equal(0, _upstream.Requests);
    }

    [Fact]
    public async Task Open_UnusedAndClosedByTheUpstream_DoesNotCountAgainstSockets()
    {
        var clock = new ManualClock();
        await using var leg = UpstreamLeg.To(_upstream.BaseUrl, _ => { }, clock);
        await using var transport = await leg.ConnectAsync(ConnectPurpose.WarmUp, CancellationToken.None).Soon("the warm socket");
        var socket = await _upstream.NextSocketAsync();
        clock.Advance(TimeSpan.FromSeconds(40));
        await socket.CloseAsync(1000, "idle");
        Assert.Equal(TransportEndReason.ClosedByPeer, (await transport.Ended.Soon("the idle end")).Reason);
        Assert.Equal(SocketCircuit.Closed, leg.Breaker.State.State);
    }

    private Task<IResponsesTransport> OpenAsync() =>
        _leg.ConnectAsync(ConnectPurpose.WarmUp, CancellationToken.None).Soon("the socket opens");

    private Task<WarmUpResult> SendAsync(IResponsesTransport transport) =>
        SocketWarmUp.SendAsync(_session, transport, s_settings, [s_before], CancellationToken.None);
}
