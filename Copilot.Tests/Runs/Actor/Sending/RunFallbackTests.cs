using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor.Sending;

/// <summary>Runs whose requests go by HTTP because no socket can carry them, and back: the expected events, and every tool exactly once.</summary>
public sealed class RunFallbackTests : ResilienceScene
{
    [Fact]
    public async Task TooLargeForTheSocket_ThisRequestGoesByHttp()
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.Auto);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.CloseAsync(1009, "message too big");
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer("resp_1", "by http"));
        post.End();
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("too-big-for-a-socket", Row(events));
        AssertSteps(events, "transport.lost", "transport.fell_back", "attempt.retry_scheduled", "transport.connected", "attempt.sent", "run.completed");
        Assert.Equal("by http", await OutputAsync(run));
    }

    [Fact]
    public async Task TooLargeBeforeItIsSent_NoSocketIsOpenedForIt()
    {
        var run = await BeginAsync(options => (options.Transport, options.MaxRequestBytes) = (TransportChoice.Auto, 100));
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Calls("resp_1", ("call_1", "act")));
        post.End();
        var next = await _upstream.NextPostAsync();
        await next.SendAsync(Frames.Answer("resp_2", "by http"));
        next.End();
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(0, _upstream.Upgrades);
        Assert.Equal(1, _tool.Runs);
        AssertSteps(events, "transport.fell_back", "transport.connecting", "attempt.sent", "transport.fell_back", "attempt.sent", "run.completed");
        Assert.Contains("more than a socket may carry", events.First(e => e.Type == RunEventTypes.TransportFellBack).Text("reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcceptedAndSilent_TheFirstEventClockEndsItAndHttpCarriesOn()
    {
        var run = await BeginAsync(options =>
        {
            options.Transport = TransportChoice.Auto;
            options.FirstEventTimeout = TimeSpan.FromMilliseconds(200);
        });
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer("resp_1", "by http"));
        post.End();
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("first_event", events.Single(e => e.Type == RunEventTypes.TransportLost).Text("clock"));
        Assert.Equal("true", events.Single(e => e.Type == RunEventTypes.AttemptSuperseded).Text("may_be_billed_twice"));
        Assert.Equal("by http", await OutputAsync(run));
    }

    [Fact]
    public async Task FallBackThatDoesNotExist_GoesBackToASocket()
    {
        var run = await BeginAsync(options =>
        {
            options.Transport = TransportChoice.Auto;
            options.FirstEventTimeout = TimeSpan.FromSeconds(2);
        });
        await ToolRoundAsync();
        await (await _upstream.NextPostAsync()).RespondAsync(404, "text/plain", "Not Found");
        var again = await _upstream.NextSocketAsync();
        await again.ReceiveAsync();
        await again.SendAsync(Frames.Answer("resp_2", "by socket"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("no-http", events.Last(e => e.Type == RunEventTypes.AttemptRetryScheduled).Text("row"));
        Assert.Equal("by socket", await OutputAsync(run));
        Assert.Equal(1, _tool.Runs);
    }

    [Fact]
    public async Task SilenceAgainAndAgain_IsWaitedForTwiceAsLongEachTime()
    {
        var run = await BeginAsync(options =>
        {
            options.Transport = TransportChoice.Http;
            options.FirstEventTimeout = TimeSpan.FromMilliseconds(100);
            options.MaxAttempts = 3;
        });
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("The upstream sent nothing within 0.4 s of the request. We tried 3 times.", events[^1].Text("message"));
        Assert.Contains("Upstream:FirstEventTimeout", events[^1].Text("advice"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(426)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task UpgradeRefused_HttpAnswers(int status)
    {
        _upstream.OnUpgrade = ScriptedUpstream.Refuse(status, "<html>no</html>");
        var run = await BeginAsync(options => options.Transport = TransportChoice.Auto);
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer("resp_1", "by http"));
        post.End();
        var events = await _host.RestAsync(run.RunId);

        AssertSteps(events, "transport.connecting", "transport.fell_back", "transport.connected", "attempt.sent", "run.completed");
        Assert.Single(events, e => e.Type == RunEventTypes.AttemptSent);
        Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), events.Single(e => e.Type == RunEventTypes.TransportFellBack).Text("reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpgradeSwallowed_HttpAnswersAfterTheHeadStart()
    {
        _upstream.OnUpgrade = ScriptedUpstream.Hang;
        var run = await BeginAsync(options =>
        {
            options.Transport = TransportChoice.Auto;
            options.SocketHeadStart = TimeSpan.FromMilliseconds(100);
        });
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer("resp_1", "by http"));
        post.End();
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("head_start", events.Single(e => e.Type == RunEventTypes.TransportFellBack).Text("clock"));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Fact]
    public async Task LostEveryTime_EndsAfterTheLimit()
    {
        var run = await BeginAsync(options =>
        {
            options.Transport = TransportChoice.WebSocket;
            options.MaxAttempts = 3;
        });
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var socket = await _upstream.NextSocketAsync();
            await socket.ReceiveAsync();
            await socket.SendAsync(Frames.Created($"resp_{attempt}"));
            await socket.CloseAsync(1011, "internal error");
        }

        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunFailed, events[^1].Type);
        Assert.Equal(3, events.Count(e => e.Type == RunEventTypes.AttemptSent));
        Assert.Equal(3, _upstream.Upgrades);
    }
}
