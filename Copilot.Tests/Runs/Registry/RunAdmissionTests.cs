using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Runs.Actor;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Registry;

/// <summary>How many runs may work and wait.</summary>
public sealed class RunAdmissionTests : IAsyncLifetime
{
    private static readonly EventActor s_admin = new("usr_boss", "Admin");
    private readonly RunOptions _options = new() { ReservedForAdmins = 0 };
    private ScriptedUpstream _upstream = null!;
    private RunHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _host = await RunHost.StartWithAsync(_upstream.BaseUrl, services => services.Configure<RunOptions>(options =>
        {
            (options.MaxActive, options.ReservedForAdmins) = (_options.MaxActive, _options.ReservedForAdmins);
            (options.MaxActivePerUser, options.MaxActivePerKey) = (_options.MaxActivePerUser, _options.MaxActivePerKey);
            (options.MaxQueued, options.MaxQueuedPerUser) = (_options.MaxQueued, _options.MaxQueuedPerUser);
        }));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task StartAsync_ManyAtOnce_AreNeverMoreThanTheLimit()
    {
        _options.MaxActive = 3;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => StartAsync(RunHost.Request("Hello", $"ses_{index}"))));

        Assert.Equal(3, outcomes.OfType<StartOutcome.Started>().Count());
        Assert.Equal(Enumerable.Repeat("server_limit", 17), outcomes.OfType<StartOutcome.TooMany>().Select(refused => refused.Code));
        Assert.Equal(3, _host.Runs.Count);
    }

    [Fact]
    public async Task StartAsync_RunEnded_ItsPlaceIsFree()
    {
        _options.MaxActive = 1;
        var run = await _host.StartRunAsync("one", "ses_1");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        Assert.IsType<StartOutcome.TooMany>(await StartAsync(RunHost.Request("two", "ses_2")));

        await socket.SendAsync(Frames.Answer("resp_1", "answer"));
        await _host.RestAsync(run.RunId);
        await _host.Runs.WhenIdleAsync().Soon("the run is let go");

        Assert.IsType<StartOutcome.Started>(await StartAsync(RunHost.Request("two", "ses_2")));
    }

    [Fact]
    public async Task StartAsync_OnePersonsLimit_LeavesRoomForOthers()
    {
        _options.MaxActivePerUser = 1;
        await _host.StartRunAsync("one", "ses_1");

        var refused = await StartAsync(RunHost.Request("two", "ses_2"));
        var other = await StartAsync(RunHost.Request("three", "ses_3") with { Owner = new RunOwner("usr_2", "team_default") });

        Assert.Equal("user_limit", Assert.IsType<StartOutcome.TooMany>(refused).Code);
        Assert.IsType<StartOutcome.Started>(other);
    }

    [Fact]
    public async Task StartAsync_OneKeysLimit_LeavesRoomForThePersonsOtherWork()
    {
        _options.MaxActivePerKey = 1;
        await StartAsync(RunHost.Request("one", "ses_1") with { ApiKeyId = "key_1" });

        var refused = await StartAsync(RunHost.Request("two", "ses_2") with { ApiKeyId = "key_1" });
        var page = await StartAsync(RunHost.Request("three", "ses_3"));

        Assert.Equal("key_limit", Assert.IsType<StartOutcome.TooMany>(refused).Code);
        Assert.IsType<StartOutcome.Started>(page);
    }

    [Fact]
    public async Task StartAsync_ServerIsFull_AdminsHaveAReserve()
    {
        (_options.MaxActive, _options.ReservedForAdmins) = (2, 1);
        await _host.StartRunAsync("one", "ses_1");

        var refused = await StartAsync(RunHost.Request("two", "ses_2"));
        var admin = await StartAsync(RunHost.Request("three", "ses_3") with { Actor = s_admin, Owner = new RunOwner(s_admin.Id, "team_default") });

        Assert.Equal("server_limit", Assert.IsType<StartOutcome.TooMany>(refused).Code);
        Assert.IsType<StartOutcome.Started>(admin);
    }

    [Fact]
    public async Task StartAsync_QueuesOfAllAreFull_IsRefused()
    {
        _options.MaxQueued = 1;
        foreach (var session in (string[])["ses_1", "ses_2"])
        {
            await _host.StartRunAsync("active", session);
        }

        await _host.StartRunAsync("queued", "ses_1");
        var refused = await StartAsync(RunHost.Request("one more", "ses_2"));

        Assert.Equal("queue_full", Assert.IsType<StartOutcome.TooMany>(refused).Code);
    }

    [Fact]
    public async Task QueuedRun_ItsTurnComesBeforeThereIsAPlace_BeginsWhenThereIsOne()
    {
        _options.MaxActivePerKey = 1;
        var first = await _host.StartRunAsync("one", "ses_1");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        var queued = Assert.IsType<StartOutcome.Started>(await StartAsync(RunHost.Request("two", "ses_1") with { ApiKeyId = "key_1" })).Run;
        var other = Assert.IsType<StartOutcome.Started>(await StartAsync(RunHost.Request("three", "ses_2") with { ApiKeyId = "key_1" })).Run;
        var otherSocket = await _upstream.NextSocketAsync();
        await otherSocket.ReceiveAsync();

        await socket.SendAsync(Frames.Answer("resp_1", "answer"));
        await _host.RestAsync(first.RunId);
        await otherSocket.SendAsync(Frames.Answer("resp_2", "answer"));
        var ended = (await _host.RestAsync(other.RunId))[^1];
        var started = await _host.SeeAsync(queued.RunId, RunEventTypes.RunStarted);

        Assert.True(started.At >= ended.At, $"It began at {started.At:O}, before the other had ended at {ended.At:O}.");
    }

    [Fact]
    public async Task ResumeAsync_NoPlaceForTheFirstMessageOfASession_TheNextOnesWaitBehindIt()
    {
        _options.MaxActivePerKey = 1;
        var first = Assert.IsType<StartOutcome.Started>(await StartAsync(RunHost.Request("one", "ses_1") with { ApiKeyId = "key_1" })).Run;
        await (await _upstream.NextSocketAsync()).ReceiveAsync();
        var second = await _host.StartRunAsync("two", "ses_1");
        var third = await _host.StartRunAsync("three", "ses_1");
        await _host.RestartAsync();
        await StartAsync(RunHost.Request("something else", "ses_2") with { ApiKeyId = "key_1" });
        var busy = await _upstream.NextSocketAsync();
        await busy.ReceiveAsync();

        var safe = await _host.Runs.RecoverAsync(CancellationToken.None);
        var resuming = _host.Runs.ResumeAsync(safe, CancellationToken.None);
        await busy.SendAsync(Frames.Answer("resp_0", "answer"));
        for (var number = 1; number <= 3; number++)
        {
            var socket = await _upstream.NextSocketAsync();
            await socket.ReceiveAsync();
            await socket.SendAsync(Frames.Answer($"resp_{number}", "answer"));
        }

        await resuming.Soon("all are resumed");
        Assert.Equal([first.RunId, second.RunId, third.RunId], safe);
        var ended = DateTimeOffset.MinValue;
        foreach (var run in new[] { first, second, third })
        {
            var events = await _host.RestAsync(run.RunId, RunEventTypes.RunCompleted);
            var resumed = events.Only(RunEventTypes.RunResumed).At;
            Assert.True(resumed >= ended, $"{run.Input} went on at {resumed:O}, before the one ahead of it had ended at {ended:O}.");
            ended = events[^1].At;
        }
    }

    [Fact]
    public async Task Resume_TwoRunsOfOneSessionAtOnce_OnlyOneGoesOn()
    {
        await InterruptedAsync("run_1", "ses_1");
        await InterruptedAsync("run_2", "ses_1");

        CommandOutcome second;
        using (await _host.Database.Gate.EnterAsync(CancellationToken.None))
        {
            // Its first event cannot be committed yet, so the log still calls it interrupted.
            Assert.IsType<CommandOutcome.Accepted>(await ResumeAsync("run_1"));
            second = await ResumeAsync("run_2");
        }

        Assert.IsType<CommandOutcome.NotPossible>(second);
        await _host.SeeAsync("run_1", RunEventTypes.AttemptSent);
    }

    [Fact]
    public async Task Resume_ServerIsFull_IsRefusedUntilThereIsAPlace()
    {
        _options.MaxActive = 1;
        await InterruptedAsync("run_1", "ses_left");
        var run = await _host.StartRunAsync("one", "ses_1");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();

        Assert.IsType<CommandOutcome.TooMany>(await ResumeAsync("run_1"));
        await socket.SendAsync(Frames.Answer("resp_1", "answer"));
        await _host.RestAsync(run.RunId);
        await _host.Runs.WhenIdleAsync().Soon("the run is let go");

        Assert.IsType<CommandOutcome.Accepted>(await ResumeAsync("run_1"));
    }

    [Fact]
    public async Task ResumeAsync_ByThemselves_WaitForAPlace()
    {
        _options.MaxActive = 1;
        await InterruptedAsync("run_1", "ses_1");
        await InterruptedAsync("run_2", "ses_2");

        var resumed = _host.Runs.ResumeAsync(["run_1", "run_2"], CancellationToken.None);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        Assert.Equal(1, _host.Runs.Count);
        Assert.False(resumed.IsCompleted);
        await socket.SendAsync(Frames.Answer("resp_1", "answer"));
        await resumed.Soon("the second has a place");

        await _host.SeeAsync("run_2", RunEventTypes.RunResumed);
    }

    private Task<StartOutcome> StartAsync(RunRequest request) => _host.Runs.StartAsync(request, CancellationToken.None);

    private Task<CommandOutcome> ResumeAsync(string runId) =>
        _host.Runs.AskAsync(runId, new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None).Soon("the answer");

    private async Task InterruptedAsync(string runId, string sessionId)
    {
        var recorded = new RunEvents(runId).Created(sessionId, "usr_1");
        recorded.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
        recorded.Own(RunEventTypes.RunStarted, "{}");
        recorded.Own(RunEventTypes.RunInterrupted, "{}");
        await _host.Database.Events.AppendAsync([new RunAppend(recorded.Summary, recorded.All)], CancellationToken.None);
    }
}
