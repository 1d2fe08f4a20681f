using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor.Sending;

/// <summary>How a run gets its connection, and what its log says of it.</summary>
public sealed class RunConnectionTests
{
    private static readonly FailureDecision s_forRequest = new FailureDecision.UseHttpForThisRequest { Reason = "sockets fail" };
    private static readonly FailureDecision s_forRun = new FailureDecision.UseHttpForThisRun { Reason = "sockets fail" };
    private static readonly FailureDecision s_toSocket = new FailureDecision.ReturnToSocket(TimeSpan.Zero) { Reason = "there is no HTTP" };

    [Fact]
    public async Task Open_NothingOpen_ConnectsAndKeepsIt()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });

        Assert.Null(await scene.Connection.OpenAsync().Soon("the connection"));
        Assert.Null(await scene.Connection.OpenAsync().Soon("the connection that is there"));

        Assert.Equal([RunEventTypes.TransportConnecting, RunEventTypes.TransportConnected], await scene.TypesAsync());
        Assert.Equal(1, scene.Upstream.Upgrades);
    }

    [Fact]
    public async Task Open_LostMeanwhile_SaysSoAndConnectsAnew()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });
        await scene.Connection.OpenAsync().Soon("the connection");
        (await scene.Upstream.NextSocketAsync()).Cut();
        await scene.Line.Transport!.Ended.Soon("the loss is noticed");

        Assert.Null(await scene.Connection.OpenAsync().Soon("the next connection"));

        Assert.Equal(
            [RunEventTypes.TransportLost, RunEventTypes.TransportConnecting, RunEventTypes.TransportConnected], (await scene.TypesAsync()).Skip(2));
    }

    [Fact]
    public async Task Open_Refused_SaysWhyAndOpensNothing()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });
        scene.Upstream.OnUpgrade = ScriptedUpstream.Refuse(401, "no");

        var refused = await scene.Connection.OpenAsync().Soon("the refusal");

        Assert.Equal(TransportFailure.Refused, refused!.Failure);
        Assert.Equal(401, refused.HttpStatus);
        Assert.Null(scene.Line.Transport);
    }

    [Fact]
    public async Task Follow_HttpForThisRequest_IsForOneConnection()
    {
        await using var scene = await RunPartsScene.StartAsync(options => options.Transport = TransportChoice.Auto);

        Assert.True(scene.Connection.Follow(s_forRequest));
        Assert.Equal(TransportKind.Http, scene.Connection.KindTried);
        await scene.Connection.OpenAsync().Soon("the connection");

        Assert.Equal(TransportKind.Http, scene.Line.Transport!.Kind);
        Assert.Equal(TransportKind.WebSocket, scene.Connection.KindTried);
        Assert.Equal(0, scene.Upstream.Upgrades);
    }

    [Fact]
    public async Task Follow_HttpForTheRun_StaysUntilThereIsNone()
    {
        await using var scene = await RunPartsScene.StartAsync(options => options.Transport = TransportChoice.Auto);

        Assert.True(scene.Connection.Follow(s_forRun));
        await scene.Connection.OpenAsync().Soon("the connection");
        Assert.Equal(TransportKind.Http, scene.Connection.KindTried);
        Assert.True(scene.Connection.Follow(new FailureDecision.WaitAndRetry(TimeSpan.Zero) { Reason = "it is overloaded" }));
        Assert.False(scene.Connection.HttpIsMissing);

        Assert.False(scene.Connection.Follow(s_toSocket));
        Assert.True(scene.Connection.HttpIsMissing);
        Assert.Equal(TransportKind.WebSocket, scene.Connection.KindTried);
    }

    [Theory]
    [InlineData(TransportChoice.Auto, 100, TransportKind.Http)]
    [InlineData(TransportChoice.Auto, 100_000, TransportKind.WebSocket)]
    [InlineData(TransportChoice.WebSocket, 100, TransportKind.WebSocket)]
    public async Task UseHttpIfTooLarge_BySize_OpensNoSocketOnlyToFindThatOut(TransportChoice choice, int most, TransportKind expected)
    {
        await using var scene = await RunPartsScene.StartAsync(options =>
        {
            options.Transport = choice;
            options.MaxRequestBytes = most;
        });

        await scene.Connection.UseHttpIfTooLargeAsync(scene.Settings);

        Assert.Equal(expected, scene.Connection.KindTried);
        Assert.Equal(expected is TransportKind.Http ? [RunEventTypes.TransportFellBack] : [], await scene.TypesAsync());
    }

    [Fact]
    public async Task RecordDropped_ByFault_IsLostOrClosed()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });
        var end = new TransportEnd(TransportEndReason.Closed, 1000, null);
        var broken = new UpstreamFailure.Broken(new TransportException(TransportFailure.Lost, "It broke.", innerException: null));
        var reported = new UpstreamFailure.ReportedError(new ResponseError { Message = "No." });

        scene.Connection.RecordDropped(TransportKind.WebSocket, end, broken, s_forRun, fellBack: true);
        scene.Connection.RecordDropped(TransportKind.WebSocket, end, reported, s_forRun, fellBack: false);
        scene.Connection.RecordDropped(TransportKind.Http, end, reported, s_forRun, fellBack: true);

        var events = await scene.EventsAsync();
        Assert.Equal(
            [RunEventTypes.TransportLost, RunEventTypes.TransportFellBack, RunEventTypes.TransportClosed, RunEventTypes.TransportClosed],
            events.Select(e => e.Type));
        Assert.Equal("sockets fail", events[0].Text("reason"));
        Assert.Equal(1000, events[2].Number("close_code"));
    }

    [Fact]
    public async Task RecordNotice_WarmedForMoney_RecordsItsCost()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });

        scene.Connection.RecordNotice(new ConnectNotice.Warmed("resp_0", 3, 900, default));
        scene.Connection.RecordNotice(new ConnectNotice.Warmed("resp_1", 3, 900, new ResponseUsage(10, 4, 5, 1)));

        var events = await scene.EventsAsync();
        Assert.Equal([RunEventTypes.TransportWarmed, RunEventTypes.TransportWarmed, RunEventTypes.CostRecorded], events.Select(e => e.Type));
        Assert.Equal("warm_up", events[^1].Text("of"));
        Assert.Equal(PricedHost.Response, events[^1].Number("amount_micros"));
    }
}
