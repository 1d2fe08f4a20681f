using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using Copilot.Web.Storage;

namespace Copilot.Tests.Runs.Registry;

/// <summary>Starting and queueing runs.</summary>
public sealed class RunRegistryTests : RunRegistryScene
{
    [Fact]
    public async Task StartAsync_SameMessageTwiceAtOnce_StartsOneRun()
    {
        var request = RunHost.Request("Hello", "ses_1") with { MessageId = "msg_browser_1" };

        var outcomes = await Task.WhenAll(
            _host.Runs.StartAsync(request, CancellationToken.None),
            _host.Runs.StartAsync(request, CancellationToken.None));

        var runs = outcomes.Cast<StartOutcome.Started>().ToArray();
        Assert.Equal(runs[0].Run.RunId, runs[1].Run.RunId);
        Assert.Equal([false, true], runs.Select(run => run.Existing).Order());
        Assert.Single(await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    public async Task StartAsync_EmptyMessage_SaysWhatToDo(string input)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => _host.Runs.StartAsync(RunHost.Request(input, "ses_1"), CancellationToken.None));

        Assert.Contains("Write what the agent should do", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_SessionBusy_QueuesAndThenSendsTheWholeConversation()
    {
        var first = await _host.StartRunAsync("one");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        var second = await _host.StartRunAsync("two");

        Assert.Equal(RunStatus.Queued, second.Status);
        Assert.Equal(first.RunId, second.ParentRunId);

        await socket.SendAsync(Frames.Answer("resp_1", "first answer"));
        var next = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await next.ReceiveAsync()).RootElement;
        await next.SendAsync(Frames.Answer("resp_2", "second answer"));
        await _host.RestAsync(second.RunId);

        var texts = frame.GetProperty("input").EnumerateArray()
            .Select(item => item.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(["one", "first answer", "two"], texts);
    }

    [Fact]
    public async Task SendAsync_StopOfAQueuedRun_RemovesItWithoutAConnection()
    {
        await _host.StartRunAsync("one");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        var second = await _host.StartRunAsync("two");
        var third = await _host.StartRunAsync("three");

        await _host.Runs.AskAsync(second.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var events = await _host.RestAsync(second.RunId);
        await socket.SendAsync(Frames.Answer("resp_1", "first answer"));
        var next = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await next.ReceiveAsync()).RootElement;
        await next.SendAsync(Frames.Answer("resp_2", "third answer"));
        await _host.RestAsync(third.RunId);

        Assert.Equal(["run.created", "user.message", "run.cancelled"], events.Select(e => e.Type));
        Assert.Equal(
            ["one", "first answer", "three"],
            frame.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()));
        Assert.Equal(2, _upstream.Upgrades);
    }

    [Fact]
    public async Task StartAsync_TooManyQueued_IsRefusedWithAWait()
    {
        await _host.StartRunAsync("active");
        for (var i = 0; i < 5; i++)
        {
            await _host.StartRunAsync($"queued {i}");
        }

        var outcome = await _host.Runs.StartAsync(RunHost.Request("one more", "ses_1"), CancellationToken.None);

        Assert.IsType<StartOutcome.TooMany>(outcome);
    }

    [Fact]
    public async Task StartAsync_Retry_MakesASiblingWithTheSameParent()
    {
        var first = await AnsweredAsync("one", "resp_1", "first answer");
        var second = await AnsweredAsync("two", "resp_2", "bad answer");
        var request = RunHost.Request("two", "ses_1") with { Parent = new RunParent.SameAs(second.RunId) };

        var retry = ((StartOutcome.Started)await _host.Runs.StartAsync(request, CancellationToken.None)).Run;
        var socket = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;

        Assert.Equal(first.RunId, retry.ParentRunId);
        Assert.Equal(
            ["one", "first answer", "two"],
            frame.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()));
    }

    [Fact]
    public async Task StartAsync_SessionOfSomebodyElse_StartsNothing()
    {
        var first = await _host.StartRunAsync("mine");

        var outcome = await _host.Runs.StartAsync(
            RunHost.Request("and mine", "ses_1") with { Owner = new RunOwner("usr_2", "team_default") }, CancellationToken.None);

        Assert.IsType<StartOutcome.SessionTaken>(outcome);
        Assert.Equal(
            first.RunId, Assert.Single(await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None)).RunId);
        Assert.Equal(1, _host.Runs.Count);
    }

    [Fact]
    public async Task StartAsync_SessionOfSomebodyElseWithoutRuns_StartsNothingAndHoldsNothing()
    {
        await using (var db = await _host.Database.Contexts.CreateDbContextAsync())
        {
            db.Sessions.Add(new SessionRow { Id = "ses_1", UserId = "usr_2", TeamId = "team_default", Title = "", CreatedAt = 1, UpdatedAt = 1 });
            await db.SaveChangesAsync();
        }

        var outcome = await _host.Runs.StartAsync(RunHost.Request("mine", "ses_1"), CancellationToken.None);

        Assert.IsType<StartOutcome.SessionTaken>(outcome);
        Assert.Empty(await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None));
        Assert.Equal(0, _host.Runs.Count);
    }

    [Fact]
    public async Task Runs_AllEnded_LeaveNothingBehind()
    {
        var run = await AnsweredAsync("one", "resp_1", "answer");
        await _host.RestAsync(run.RunId);
        await _host.Runs.WhenIdleAsync().Soon("the run is let go");

        Assert.Equal(0, _host.Runs.Count);
        Assert.Equal(0, _host.HeldLogs);
        Assert.Empty(_host.Directory.Live);
    }
}
