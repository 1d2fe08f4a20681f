using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Tests.Erasure;

/// <summary>The retention rule: how many days after its last event a conversation is erased.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task Sweep_NoDays_RetainsEverything()
    {
        await using var fixture = await StartAsync(days: null);
        await AddAsync(fixture, "run_1", "ses_1", days: 0, RunEventTypes.RunCompleted);
        fixture.Clock.Advance(TimeSpan.FromDays(10_000));

        await fixture.NewErasureWorker().SweepAsync(CancellationToken.None);

        Assert.Empty(await fixture.Store.ReadToEraseAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Sweep_SomeSessionsOld_ErasesThoseWhoseNewestRunIsOld()
    {
        await using var fixture = await StartAsync(days: 30);
        await AddAsync(fixture, "run_old", "ses_old", days: 0, RunEventTypes.RunCompleted);
        // What was said first is part of what was sent with the second: they go together.
        await AddAsync(fixture, "run_first", "ses_goes_on", days: 0, RunEventTypes.RunCompleted);
        await AddAsync(fixture, "run_second", "ses_goes_on", days: 20, RunEventTypes.RunCompleted);
        fixture.Clock.Advance(TimeSpan.FromDays(30));

        Assert.Empty(await SweepAsync(fixture));
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        var evidence = Assert.Single(await SweepAsync(fixture));

        Assert.Equal("ses_old", evidence.Request.SessionId);
        Assert.Equal(ErasureState.Forgotten, evidence.Request.State);
        Assert.Equal(ErasureCause.Rule, evidence.Request.Cause);
        Assert.Null(evidence.Request.RequestedBy);
        Assert.Equal("Retention:Days=30", evidence.Request.Rule);
        Assert.Empty(await SweepAsync(fixture));
        fixture.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal(["run_first", "run_second"], Assert.Single(await SweepAsync(fixture)).Runs.Select(run => run.RunId));
    }

    [Fact]
    public async Task Sweep_MoreThanOnePage_RequestsAll()
    {
        await using var fixture = await StartAsync(days: 1);
        for (var session = 0; session < 101; session++)
        {
            await AddAsync(fixture, $"run_{session}", $"ses_{session}", days: 0, RunEventTypes.RunCompleted);
        }

        fixture.Clock.Advance(TimeSpan.FromDays(2));
        await fixture.NewErasureWorker().SweepAsync(CancellationToken.None);

        Assert.Equal(101, (await fixture.Store.ReadToEraseAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Sweep_InterruptedRun_IsEndedByTheRuleFirst()
    {
        await using var fixture = await StartAsync(days: 1);
        await AddAsync(fixture, "run_1", "ses_1", days: 0, RunEventTypes.RunInterrupted);
        fixture.Clock.Advance(TimeSpan.FromDays(2));

        var evidence = Assert.Single(await SweepAsync(fixture));

        var end = (await fixture.ReadAsync("run_1"))[^1];
        Assert.Equal(RunEventTypes.RunCancelled, end.Type);
        Assert.Equal(EventSource.System, end.Source);
        Assert.Equal(EventActor.Retention, end.Actor);
        Assert.Equal(ErasureState.Forgotten, evidence.Request.State);
    }

    [Fact]
    public async Task Work_NewMessageSinceTheSweep_IsWithdrawn()
    {
        await using var fixture = await StartAsync(days: 1);
        await AddAsync(fixture, "run_1", "ses_1", days: 0, RunEventTypes.RunCompleted);
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        var worker = fixture.NewErasureWorker();
        await worker.SweepAsync(CancellationToken.None);
        Assert.Single(await fixture.Store.ReadToEraseAsync(CancellationToken.None));
        await AddAsync(fixture, "run_2", "ses_1", days: 2, RunEventTypes.RunStarted);

        Assert.Null(await worker.WorkAsync(CancellationToken.None));

        Assert.Empty(await fixture.Store.ListAsync(null, 10, CancellationToken.None));
        Assert.Null((await fixture.Host.Database.Events.FindAsync("run_1", CancellationToken.None))!.ForgottenAt);
        Assert.False(await fixture.Host.Database.Sessions.IsBeingErasedAsync("ses_1", CancellationToken.None));
    }

    [Fact]
    public async Task Work_FailureAfterARunWasEnded_IsNotWithdrawn()
    {
        await using var fixture = await StartAsync(days: 1);
        await AddAsync(fixture, "run_1", "ses_1", days: 0, RunEventTypes.RunInterrupted);
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        await using var db = await fixture.Host.Database.Contexts.CreateDbContextAsync();
        await db.WriteAsync(
            token => db.Database.ExecuteSqlRawAsync(
                "CREATE TRIGGER refuse BEFORE INSERT ON forgotten_runs BEGIN SELECT RAISE(ABORT, 'refused'); END", token),
            CancellationToken.None);
        var failed = Assert.Single(await SweepAsync(fixture));
        Assert.Equal(ErasureProblems.Failed, failed.Request.Problem);
        Assert.Equal(RunEventTypes.RunCancelled, (await fixture.ReadAsync("run_1"))[^1].Type);
        await db.WriteAsync(token => db.Database.ExecuteSqlRawAsync("DROP TRIGGER refuse", token), CancellationToken.None);
        fixture.Clock.Advance(TimeSpan.FromHours(2));

        await fixture.NewErasureWorker().WorkAsync(CancellationToken.None).Soon("the worker is done");

        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(failed.Request.Id)).Request.State);
    }

    [Fact]
    public async Task Work_NewMessageAfterAnEarlierVersionRecordedARun_IsWithdrawnWithWhatWasRecorded()
    {
        await using var fixture = await StartAsync(days: 1);
        await AddAsync(fixture, "run_1", "ses_1", days: 0, RunEventTypes.RunCompleted);
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        var worker = fixture.NewErasureWorker();
        await worker.SweepAsync(CancellationToken.None);
        var open = Assert.Single(await fixture.Store.ReadToEraseAsync(CancellationToken.None));
        var now = fixture.Clock.GetUtcNow();
        await fixture.Store.PlanAsync(
            new ErasedRun { ErasureId = open.Id, RunId = "run_1", Events = 3, Bytes = 1, HeadHash = "00", ChainHeldBefore = true, PlannedAt = now },
            [
                new ErasedResponse
                {
                    RunId = "run_1",
                    Seq = 2,
                    ErasureId = open.Id,
                    Proof = ErasureProof.None,
                    State = ErasureProofState.Unproven,
                    SentAt = now,
                    NextAt = now,
                },
            ],
            CancellationToken.None);
        await AddAsync(fixture, "run_2", "ses_1", days: 2, RunEventTypes.RunStarted);

        Assert.Null(await worker.WorkAsync(CancellationToken.None));

        Assert.Empty(await fixture.Store.ListAsync(null, 10, CancellationToken.None));
        Assert.Empty(await fixture.Store.ReadRunsAsync(open.Id, CancellationToken.None));
        Assert.Empty(await fixture.Store.ReadResponsesAsync(open.Id, CancellationToken.None));
        Assert.False(await fixture.Host.Database.Sessions.IsBeingErasedAsync("ses_1", CancellationToken.None));
    }

    [Fact]
    public async Task Run_RequestedWhileItWaits_StartsAtOnceAndSweepsOnSchedule()
    {
        await using var fixture = await StartAsync(days: 30);
        await AddAsync(fixture, "run_1", "ses_1", days: 0, RunEventTypes.RunCompleted);
        await AddAsync(fixture, "run_2", "ses_2", days: 0, RunEventTypes.RunCompleted);
        fixture.Options.SweepInterval = TimeSpan.FromDays(1);
        using var stop = new CancellationTokenSource();
        var loop = fixture.NewErasureWorker().RunAsync(stop.Token);
        await fixture.Clock.WhenTimersArmedAsync(1);

        var asked = await fixture.AskAsync("ses_1");
        await WhenAsync(fixture, async () => (await fixture.FindRecordAsync(asked.Id)).Request.IsFinished);

        for (var day = 0; day < 31; day++)
        {
            await fixture.Clock.WhenTimersArmedAsync(1);
            fixture.Clock.Advance(TimeSpan.FromDays(1));
        }

        await WhenAsync(fixture, async () => await fixture.Store.FindNewestAsync("ses_2", CancellationToken.None) is { IsFinished: true });
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);
    }

    private static async Task WhenAsync(ErasureFixture fixture, Func<Task<bool>> reached)
    {
        using var watch = fixture.People.Watch(sessionId: null);
        while (true)
        {
            var changed = watch.Next;
            if (await reached())
            {
                return;
            }

            await changed.Soon("the forgetting comes further");
        }
    }

    private static async Task<ErasureFixture> StartAsync(int? days)
    {
        var fixture = await ErasureFixture.StartAsync(new Uri("http://127.0.0.1:9/v1"), options => options.Transport = TransportChoice.Http);
        fixture.Options.Days = days;
        fixture.Clock.AdjustTime(RunEvents.Start);
        return fixture;
    }

    /// <summary>A sweep, and what came of what it put on the list.</summary>
    private static async Task<IReadOnlyList<ErasureRecord>> SweepAsync(ErasureFixture fixture)
    {
        var worker = fixture.NewErasureWorker();
        await worker.SweepAsync(CancellationToken.None);
        var open = await fixture.Store.ReadToEraseAsync(CancellationToken.None);
        await worker.WorkAsync(CancellationToken.None).Soon("the worker is done");
        return [.. await Task.WhenAll(open.Select(one => fixture.FindRecordAsync(one.Id)))];
    }

    private static async Task AddAsync(ErasureFixture fixture, string runId, string sessionId, int days, string last)
    {
        var log = new RunEvents(runId) { At = RunEvents.Start.AddDays(days) }.Created(sessionId, "usr_1");
        log.Own(RunEventTypes.UserMessage, """{"text":"Hello"}""");
        log.Own(last, """{"duration_ms":1,"reason":"r"}""");
        await fixture.Host.Database.Events.AppendAsync([new RunAppend(log.Summary, log.All)], CancellationToken.None);
    }
}
