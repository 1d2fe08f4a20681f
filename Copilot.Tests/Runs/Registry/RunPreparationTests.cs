using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Registry;
using Copilot.Tests.Runs.Actor;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Registry;

/// <summary>A connection that is opened while somebody types: taken by the message, or closed.</summary>
public sealed class RunPreparationTests : RunScene
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(60);
    private ManualClock _clock = null!;

    [Fact]
    public async Task Prepare_ThenSend_ContinuesFromTheWarmUpOnTheSameSocket()
    {
        await BeginAsync(_ => { });
        await AnswerAsync("one", "resp_1", "first answer");

        await PrepareAsync();
        var socket = await _upstream.NextSocketAsync();
        var warmUp = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Created("resp_w"), Frames.Completed("resp_w"));
        var run = await _host.StartRunAsync("two");
        var request = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_2", "second answer"));
        var events = await _host.RestAsync(run.RunId);

        Assert.False(warmUp.GetProperty("generate").GetBoolean());
        Assert.Equal(["one", "first answer"], Texts(warmUp));
        Assert.Equal("resp_w", request.GetProperty("previous_response_id").GetString());
        Assert.Equal(["two"], Texts(request));
        Assert.Equal(2, _upstream.Upgrades);
        Assert.Equal(
            ["run.created", "user.message", "run.started", "transport.connecting", "transport.connected", "transport.warmed", "attempt.sent"],
            events.Take(7).Select(e => e.Type));
        Assert.Equal("true", events[4].Text("prepared"));
        Assert.Equal("resp_w", events[5].Text("response_id"));
        Assert.Equal("delta", events[6].Text("mode"));

        // The warm-up's ten tokens were spent as well.
        Assert.Equal(20, (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.Usage.InputTokens);
        Assert.Equal(0, _host.Runs.Prepared);
    }

    [Fact]
    public async Task Prepare_NobodySends_ClosesTheSocketCleanlyAfterItsLifetime()
    {
        await BeginAsync(_ => { });
        await PrepareAsync();
        var socket = await WarmAsync();

        _clock.Advance(s_lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(1, _host.Runs.Prepared);
        await PrepareAsync();
        _clock.Advance(s_lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(1, _host.Runs.Prepared);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1000, await socket.ClosedByClient);
        Assert.Equal(0, _host.Runs.Prepared);
        Assert.Equal(1, _upstream.Upgrades);
        Assert.Empty(await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None));
    }

    [Fact]
    public async Task Prepare_UpstreamTakesNoWarmUps_IsNotAskedAgainAndTheSocketIsUsed()
    {
        await BeginAsync(_ => { });
        await PrepareAsync();
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync("""{"type":"error","status":400,"error":{"message":"Unsupported parameter: generate"}}""");
        var first = await _host.StartRunAsync("one");
        var request = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_1", "first answer"));
        await _host.RestAsync(first.RunId);

        await PrepareAsync();
        var second = await _upstream.NextSocketAsync();
        var run = await _host.StartRunAsync("two");
        var next = Json(await second.ReceiveAsync());
        await second.SendAsync(Frames.Answer("resp_2", "second answer"));
        await _host.RestAsync(run.RunId);

        Assert.Equal(["one"], Texts(request));
        Assert.False(next.TryGetProperty("generate", out _));
        Assert.Equal(["one", "first answer", "two"], Texts(next));
        Assert.Equal(2, _upstream.Upgrades);
    }

    [Fact]
    public async Task Prepare_UpgradeSwallowed_TheMessageWaitsNoLongerThanTheHeadStart()
    {
        _host = await RunHost.StartAsync(
            _upstream.BaseUrl,
            options => (options.Transport, options.SocketHeadStart) = (TransportChoice.Auto, TimeSpan.FromMilliseconds(30)));
        _upstream.OnUpgrade = ScriptedUpstream.Hang;
        await PrepareAsync();
        var run = await _host.StartRunAsync("one");

        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer("resp_1", "done"));
        post.End();
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("head_start", events.Single(e => e.Type == RunEventTypes.TransportFellBack).Text("clock"));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Fact]
    public async Task Prepare_SocketEndsBeforeTheMessage_TheRunConnectsAnew()
    {
        await BeginAsync(_ => { });
        await PrepareAsync();
        var idle = await WarmAsync();
        await idle.CloseAsync(1001, "going away");
        await idle.ClosedByClient;
        var run = await _host.StartRunAsync("one");
        var socket = await _upstream.NextSocketAsync();
        var request = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_1", "done"));
        var events = await _host.RestAsync(run.RunId);

        Assert.False(request.TryGetProperty("previous_response_id", out _));
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.TransportWarmed);
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Theory]
    [InlineData(WarmUpMode.Socket, false)]
    [InlineData(WarmUpMode.Request, true)]
    public async Task Prepare_SocketAloneOrStoringUpstream_SendsNothingBeforeTheMessage(WarmUpMode mode, bool store)
    {
        await BeginAsync(options => (options.WarmUp, options.Store) = (mode, store));
        await PrepareAsync();
        var socket = await _upstream.NextSocketAsync();
        var run = await _host.StartRunAsync("one");
        var request = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_1", "done"));
        await _host.RestAsync(run.RunId);

        Assert.Equal(["one"], Texts(request));
        Assert.Equal(1, _upstream.Upgrades);
    }

    [Theory]
    [InlineData(WarmUpMode.Off, TransportChoice.WebSocket)]
    [InlineData(WarmUpMode.Request, TransportChoice.Http)]
    public async Task Prepare_NothingToPrepare_HoldsNothing(WarmUpMode mode, TransportChoice transport)
    {
        await BeginAsync(options => (options.WarmUp, options.Transport) = (mode, transport));
        await PrepareAsync();

        Assert.Equal(0, _host.Runs.Prepared);
        Assert.Equal(0, _upstream.Requests);
    }

    [Fact]
    public async Task Prepare_WhileARunWorks_HoldsNothing()
    {
        await BeginAsync(_ => { });
        await _host.StartRunAsync("one");
        await (await _upstream.NextSocketAsync()).ReceiveAsync();
        await PrepareAsync();

        Assert.Equal(0, _host.Runs.Prepared);
        Assert.Equal(1, _upstream.Upgrades);
    }

    [Fact]
    public async Task Prepare_ManyConversationsOfOnePerson_KeepsTheNewestFew()
    {
        await BeginAsync(options => options.WarmUp = WarmUpMode.Socket);
        var sockets = new List<ScriptedSocket>();
        for (var i = 1; i <= PreparedRuns.MaxPerUser + 1; i++)
        {
            await _host.Runs.PrepareAsync(Request($"ses_{i}"), CancellationToken.None);
            sockets.Add(await _upstream.NextSocketAsync());
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(1000, await sockets[0].ClosedByClient);
        Assert.Equal(PreparedRuns.MaxPerUser, _host.Runs.Prepared);
    }

    [Fact]
    public async Task Shutdown_WithAPreparedSocket_ClosesIt()
    {
        await BeginAsync(_ => { });
        await PrepareAsync();
        var socket = await WarmAsync();
        await _host.Runs.DisposeAsync();

        Assert.Equal(1000, await socket.ClosedByClient);
        Assert.Equal(0, _host.Runs.Prepared);
    }

    [Fact]
    public async Task Prepare_BySomebodyElseBeforeTheSessionBegan_IsNotUsed()
    {
        await BeginAsync(_ => { });
        await _host.Runs.PrepareAsync(Request("ses_1") with { Owner = new RunOwner("usr_2", "team_default") }, CancellationToken.None);
        var prepared = await WarmAsync();

        await _host.StartRunAsync("mine");
        var own = await _upstream.NextSocketAsync();

        Assert.Equal(["mine"], Texts(Json(await own.ReceiveAsync())));
        Assert.Equal(1000, await prepared.ClosedByClient);
        Assert.Equal(0, _host.Runs.Prepared);
    }

    private async Task BeginAsync(Action<UpstreamOptions> configure)
    {
        _clock = new ManualClock();
        _host = await RunHost.StartAsync(_upstream.BaseUrl, _clock, options =>
        {
            options.Transport = TransportChoice.WebSocket;
            configure(options);
        });
    }

    private Task PrepareAsync() => _host.Runs.PrepareAsync(Request("ses_1"), CancellationToken.None);

    private async Task<ScriptedSocket> WarmAsync()
    {
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_w"), Frames.Completed("resp_w"));
        return socket;
    }

    private async Task AnswerAsync(string input, string responseId, string text)
    {
        var run = await _host.StartRunAsync(input);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer(responseId, text));
        await _host.RestAsync(run.RunId);
        await _host.Runs.WhenIdleAsync().Soon("the run is let go");
    }

    private static RunPreparationRequest Request(string sessionId)
    {
        var request = RunHost.Request("-", sessionId);
        return new RunPreparationRequest { SessionId = sessionId, Owner = request.Owner, Agent = request.Agent };
    }

    private static JsonElement Json(string frame) => JsonDocument.Parse(frame).RootElement;

    private static IEnumerable<string?> Texts(JsonElement request) => request.GetProperty("input").EnumerateArray()
        .Select(item => item.GetProperty("content")[0].GetProperty("text").GetString());
}
