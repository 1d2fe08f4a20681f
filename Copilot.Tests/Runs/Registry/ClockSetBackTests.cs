using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Registry;

/// <summary>The server's clock is set back while people write: what was sent later stays later.</summary>
public sealed class ClockSetBackTests : IAsyncLifetime
{
    private readonly CalendarSetBack _clock = new();
    private ScriptedUpstream _upstream = null!;
    private RunHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _host = await RunHost.StartAsync(_upstream.BaseUrl, _clock, static _ => { });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Queue_ClockIsSetBackBetweenMessages_IsAnsweredInTheOrderInWhichTheyWereSentAlsoAfterARestart()
    {
        var first = await _host.StartRunAsync("one");
        await (await _upstream.NextSocketAsync()).ReceiveAsync();
        var second = await _host.StartRunAsync("two");
        SetBack();
        var third = await _host.StartRunAsync("three");
        string[] sent = [first.RunId, second.RunId, third.RunId];

        Assert.Equal(second.RunId, third.ParentRunId);
        Assert.True(third.CreatedAt < first.CreatedAt);
        Assert.Equal(sent, await SessionAsync());

        await _host.RestartAsync();
        var safe = await _host.Runs.RecoverAsync(CancellationToken.None);
        Assert.Equal(sent, safe);
        Assert.Equal(sent, (await _host.Database.Events.ReadSessionHeadsAsync("ses_1", CancellationToken.None)).Select(run => run.RunId));
        await _host.Runs.ResumeAsync(safe, CancellationToken.None);
        Assert.Equal(["one"], await AnswerAsync(1));
        Assert.Equal(["one", "answer 1", "two"], await AnswerAsync(2));
        Assert.Equal(["one", "answer 1", "two", "answer 2", "three"], await AnswerAsync(3));
        await _host.RestAsync(third.RunId);
        await _host.Runs.WhenIdleAsync().Soon("every run is let go");

        // Nothing works any more: what is the newest is not what has the latest time.
        SetBack();
        var fourth = await _host.StartRunAsync("four");
        Assert.Equal(third.RunId, fourth.ParentRunId);
        Assert.Equal(["one", "answer 1", "two", "answer 2", "three", "answer 3", "four"], await AnswerAsync(4));
        Assert.Equal([.. sent, fourth.RunId], await SessionAsync());
    }

    [Fact]
    public void WithinSessions_RunsOfSeveral_KeepTheirPlacesAndEachSessionsOrder()
    {
        RunSummary[] byTime = [Run("a3", "ses_a", 3), Run("b1", "ses_b", 1), Run("a1", "ses_a", 1), Run("a0", "ses_a", 0), Run("b2", "ses_b", 2)];

        Assert.Equal(["a0", "b1", "a1", "a3", "b2"], RunOrder.WithinSessions(byTime).Select(run => run.RunId));
    }

    private static RunSummary Run(string runId, string sessionId, long ordinal) => new()
    {
        RunId = runId,
        SessionId = sessionId,
        Ordinal = ordinal,
        UserId = "usr_1",
        TeamId = "team_default",
        AgentName = "Copilot",
        Model = "m",
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private void SetBack() => _clock.Back += TimeSpan.FromHours(1);

    private async Task<IEnumerable<string>> SessionAsync() =>
        (await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None)).Select(run => run.RunId);

    /// <summary>Answers the next request.</summary>
    /// <returns>What it said.</returns>
    private async Task<IReadOnlyList<string?>> AnswerAsync(int number)
    {
        var socket = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;
        await socket.SendAsync(Frames.Answer($"resp_{number}", $"answer {number}"));
        return [.. frame.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString())];
    }

    /// <summary>What day and hour it is jumps; how long something takes is measured as ever.</summary>
    private sealed class CalendarSetBack : TimeProvider
    {
        public TimeSpan Back { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Back;
    }
}
