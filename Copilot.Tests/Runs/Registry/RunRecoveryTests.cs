using System.Text;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Copilot.Web.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Copilot.Tests.Runs.Registry;

/// <summary>What a start does with a past that is damaged, or while nothing can be written, and what becomes of a run that nobody drives.</summary>
public sealed class RunRecoveryTests : IAsyncLifetime
{
    private ScriptedUpstream _upstream = null!;
    private RunHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
    }

    public async ValueTask DisposeAsync()
    {
        _host.Database.FreeDisk();
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task RecoverAsync_RunThatCannotBeRead_FailsAloneAndTheOthersAreRecovered()
    {
        await LeftAsync("run_bad", "ses_bad");
        await LeftAsync("run_good", "ses_good");
        await ExecuteAsync("UPDATE run_events SET payload = x'7b7d' WHERE run_id = 'run_bad' AND seq = 1");

        var safe = await _host.Runs.RecoverAsync(CancellationToken.None);

        Assert.Equal(["run_good"], safe);
        var failed = (await FindAsync("run_bad"))!;
        Assert.Equal(RunStatus.Failed, failed.Status);
        Assert.Equal("run_unreadable", failed.Error!.Code);
    }

    [Fact]
    public async Task RecoverAsync_SummaryThatCannotBeRead_CostsNobodyElseTheirs()
    {
        await LeftAsync("run_bad", "ses_1");
        await LeftAsync("run_good", "ses_1");
        await ExecuteAsync("UPDATE runs SET summary = 'broken' WHERE id = 'run_bad'");

        await _host.Runs.RecoverAsync(CancellationToken.None);

        var session = await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None);
        Assert.Equal([RunStatus.Interrupted, RunStatus.Interrupted], session.Select(run => run.Status));
    }

    [Fact]
    public async Task RecoverAsync_UpstreamEventThatCannotBeRead_IsPassedOver()
    {
        await LeftAsync("run_1", "ses_1");
        await ExecuteAsync("UPDATE run_events SET payload = x'2e2e' WHERE run_id = 'run_1' AND type = 'response.output_text.delta'");

        var safe = await _host.Runs.RecoverAsync(CancellationToken.None);
        await _host.Runs.ResumeAsync(safe, CancellationToken.None);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "answer"));

        await _host.SeeAsync("run_1", RunEventTypes.RunCompleted);
    }

    [Fact]
    public void Upstream_DamagedPayload_IsUnknown()
    {
        var damaged = new RunEvent
        {
            RunId = "run_1", Seq = 1, At = RunEvents.Start, Source = EventSource.Upstream, Type = "response.completed",
            Data = Encoding.UTF8.GetBytes("{\"type\":"), Salt = new byte[32], PayloadDigest = new byte[32], Hash = new byte[32],
        };

        Assert.Equal("response.completed", Assert.IsType<Copilot.Domain.Responses.Events.UnknownResponseEvent>(damaged.Upstream).Type);
    }

    [Fact]
    public async Task StartAsync_BeforeTheSessionWasRecovered_RecoversItFirst()
    {
        await LeftAsync("run_1", "ses_1");

        var run = await _host.StartRunAsync("And now?", "ses_1");
        await (await _upstream.NextSocketAsync()).ReceiveAsync();

        Assert.Equal(RunStatus.Interrupted, (await FindAsync("run_1"))!.Status);
        Assert.Equal("run_1", run.ParentRunId);
        Assert.Equal(6, run.ParentSeq);
    }

    [Fact]
    public async Task StartedAsync_NothingCanBeWritten_ReturnsAndRecoversWhenItCan()
    {
        await LeftAsync("run_1", "ses_1");
        using var host = new RunsHost(_host.Runs);
        var check = new RunRecoveryHealthCheck(_host.Runs);
        HealthCheckResult during;
        using (await _host.Database.Gate.EnterAsync(CancellationToken.None))
        {
            await host.StartedAsync(CancellationToken.None).Soon("the start");
            during = await check.CheckHealthAsync(new HealthCheckContext());
            Assert.Equal(RunStatus.Running, (await FindAsync("run_1"))!.Status);
        }

        await _host.SeeAsync("run_1", RunEventTypes.RunResumed);

        Assert.Equal(HealthStatus.Healthy, during.Status);
        Assert.NotNull(during.Description);
        await host.StoppingAsync(CancellationToken.None).Soon("the stop");
    }

    [Fact]
    public async Task RecoverAsync_DiskIsFull_SaysSoAndRecoversLater()
    {
        // More than fits into the pages that the file has.
        for (var run = 0; run < 100; run++)
        {
            await LeftAsync($"run_{run}", $"ses_{run}");
        }

        _host.Database.FillDisk();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _host.Runs.RecoverAsync(CancellationToken.None).Soon("the refusal"));
        Assert.NotEmpty(await _host.Database.Events.ReadUnfinishedAsync(CancellationToken.None));

        _host.Database.FreeDisk();
        for (var changed = _host.Health.Changed; _host.Health.Problem is not null; changed = _host.Health.Changed)
        {
            await changed.Soon("the store is tried again");
        }

        Assert.Equal(100, (await _host.Runs.RecoverAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task InterruptLostAsync_RunWhoseLoopHasDied_SaysSoAndCanBeResumed()
    {
        var run = await _host.StartRunAsync("Do it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await _host.SeeAsync(run.RunId, RunEventTypes.AttemptSent);

        // An event that the run's own loop did not write: its next commit is refused for good, and it ends without a word.
        await ForkAsync(_host, run.RunId);
        await socket.SendAsync(Frames.Created("resp_1"));
        await _host.Runs.WhenIdleAsync().Soon("the run's loop has died");
        Assert.Equal(RunStatus.Running, (await FindAsync(run.RunId))!.Status);

        await _host.Runs.InterruptLostAsync(CancellationToken.None);

        Assert.Equal(RunStatus.Interrupted, (await FindAsync(run.RunId))!.Status);
        Assert.Empty(_host.Directory.Live);
        Assert.IsType<CommandOutcome.Accepted>(
            await _host.Runs.AskAsync(run.RunId, new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None));
        await (await _upstream.NextSocketAsync()).ReceiveAsync();
    }

    [Fact]
    public async Task RunRecoveryAsync_LoopOfARunDies_IsSeenAtTheNextLook()
    {
        var clock = new ManualClock();
        await using var host = await RunHost.StartAsync(_upstream.BaseUrl, clock, _ => { });
        using var stop = new CancellationTokenSource();
        var recovery = host.Runs.RunRecoveryAsync(stop.Token);
        var run = await host.StartRunAsync("Do it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await host.SeeAsync(run.RunId, RunEventTypes.AttemptSent);
        await ForkAsync(host, run.RunId);
        await socket.SendAsync(Frames.Created("resp_1"));
        await host.Runs.WhenIdleAsync().Soon("the run's loop has died");

        clock.Advance(TimeSpan.FromSeconds(5));
        await host.SeeAsync(run.RunId, RunEventTypes.RunInterrupted);

        await stop.CancelAsync();
        await recovery.Soon("the recovery ends");
    }

    private static async Task ForkAsync(RunHost host, string runId)
    {
        var head = (await host.Database.Events.ReadHeadAsync(runId, CancellationToken.None))!;
        var foreign = RunEventChain.Seal(
            runId,
            head.Seq + 1,
            head.Hash,
            new RunEventDraft { At = head.At, Source = EventSource.Agent, Type = "test.foreign", Data = Encoding.UTF8.GetBytes("{}") });
        await host.Database.Events.AppendAsync(
            [new RunAppend(RunSummaryFold.Apply(await host.Database.Events.FindAsync(runId, CancellationToken.None), foreign), [foreign])], CancellationToken.None);
    }

    private Task<RunSummary?> FindAsync(string runId) => _host.Database.Events.FindAsync(runId, CancellationToken.None);

    private async Task LeftAsync(string runId, string sessionId)
    {
        var recorded = new RunEvents(runId).Created(sessionId, "usr_1");
        recorded.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
        recorded.Own(RunEventTypes.RunStarted, "{}");
        recorded.Upstream(Frames.Created("resp_1"));
        recorded.Upstream(Frames.Delta("Hel"));
        await _host.Database.Events.AppendAsync([new RunAppend(recorded.Summary, recorded.All)], CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var db = await _host.Database.Contexts.CreateDbContextAsync();
        await db.WriteAsync(cancellationToken => db.Database.ExecuteSqlRawAsync(sql, cancellationToken), CancellationToken.None);
    }
}
