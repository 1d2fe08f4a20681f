using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Tests.Erasure;

/// <summary>What holds an erasure up, and how it goes on.</summary>
public sealed class ErasureWorkerCourseTests
{
    private const string Word = "zqcanaryword";

    [Fact]
    public async Task Work_RunThatDoesNotStop_HoldsUpNoOtherConversation()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        await fixture.AnswerAsync(upstream);
        var stuck = new RunEvents("run_stuck").Created("ses_stuck", "usr_1");
        stuck.Own(RunEventTypes.RunStarted, "{}");
        await fixture.Host.Database.Events.AppendAsync([new RunAppend(stuck.Summary, stuck.All)], CancellationToken.None);
        // Accepts the stop, and nothing follows.
        fixture.Runs = new AskedRuns { OnStart = (_, _) => throw new NotSupportedException() };
        var first = await fixture.AskAsync("ses_stuck");
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await fixture.AskAsync("ses_1");
        using var watch = fixture.People.Watch("ses_1");

        var work = fixture.NewErasureWorker().WorkAsync(CancellationToken.None);
        for (var changed = watch.Next; !(await fixture.FindRecordAsync(second.Id)).Request.IsFinished; changed = watch.Next)
        {
            await changed.Soon("the second conversation is erased");
        }

        await fixture.Clock.WhenTimersArmedAsync(1);
        fixture.Clock.Advance(TimeSpan.FromSeconds(10));
        await work.Soon("the worker is done for now");
        var waiting = (await fixture.FindRecordAsync(first.Id)).Request;
        Assert.Equal(ErasureProblems.RunActive, waiting.Problem);
        Assert.Equal(ErasureState.Erasing, waiting.State);
    }

    [Fact]
    public async Task Work_RestartInTheMiddle_ContinuesFromWhatWasRecorded()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        var run = await fixture.AnswerAsync(upstream);
        var before = await fixture.ReadAsync(run);
        fixture.Options.BatchEvents = 4;
        var asked = await fixture.AskAsync("ses_1");
        using var killed = new CancellationTokenSource();
        var dying = HookedStore.Over(fixture.Store, batch => batch == 2 ? killed.CancelAsync() : Task.CompletedTask);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.NewErasureWorker(dying).WorkAsync(killed.Token));
        Assert.Equal(4, (await fixture.ReadAsync(run)).Count(runEvent => runEvent.IsErased));
        Assert.Equal(ErasureState.Erasing, (await fixture.FindRecordAsync(asked.Id)).Request.State);
        Assert.True(await fixture.Host.Database.Sessions.IsBeingErasedAsync("ses_1", CancellationToken.None));

        await fixture.Host.RestartAsync();
        await fixture.NewErasureWorker().WorkAsync(CancellationToken.None).Soon("the worker is done");

        var evidence = await fixture.FindRecordAsync(asked.Id);
        var erased = Assert.Single(evidence.Runs);
        Assert.Equal(ErasureState.Forgotten, evidence.Request.State);
        Assert.Equal(before.Sum(runEvent => (long)runEvent.Data.Length), erased.Bytes);
        Assert.True(erased.ChainHeldBefore);
        Assert.True(erased.ChainHoldsAfter);
        Assert.All(await fixture.ReadAsync(run), runEvent => Assert.True(runEvent.IsErased));
        Assert.False(await fixture.Host.Database.Sessions.IsBeingErasedAsync("ses_1", CancellationToken.None));
    }

    [Fact]
    public async Task Work_TwentyThousandEvents_LetsOthersWriteBetweenAllBatches()
    {
        const int Events = 20_000;
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, _ => { });
        var log = new RunEvents("run_long").Created("ses_1", "usr_1");
        log.Own(RunEventTypes.UserMessage, """{"text":"Write much"}""");
        while (log.All.Count < Events - 1)
        {
            log.Upstream(Frames.Delta($"{Word} {log.All.Count}"));
        }

        log.Own(RunEventTypes.RunCompleted, """{"duration_ms":1}""");
        await fixture.Host.Database.Events.AppendAsync([new RunAppend(log.Summary, log.All)], CancellationToken.None);
        var other = new FakeRun("other");
        await fixture.Host.Database.Events.AppendAsync([other.Created("Other")], CancellationToken.None);
        var asked = await fixture.AskAsync("ses_1");
        var forgotten = new List<long>();
        var hooked = HookedStore.Over(fixture.Store, async _ =>
        {
            // If the write lock were still held, this would never return.
            await fixture.Host.Database.Events.AppendAsync([other.Deltas(3)], CancellationToken.None).Soon("another run writes");
            forgotten.Add(await fixture.Host.Database.ScalarAsync<long>("SELECT count(*) FROM run_events WHERE run_id = 'run_long' AND salt IS NULL"));
        });

        await fixture.NewErasureWorker(hooked).WorkAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));

        // One batch after the other, none larger; the last look finds nothing.
        Assert.Equal(Enumerable.Range(0, 41).Select(batch => Math.Min(Events, batch * 500L)), forgotten);
        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(asked.Id)).Request.State);
        Assert.True(Assert.Single((await fixture.FindRecordAsync(asked.Id)).Runs).ChainHoldsAfter);
        Assert.False(await fixture.IsOnDiskAsync(Word));
        Assert.Equal(2 + (3 * 41), (await fixture.ReadAsync("run_other")).Count(runEvent => !runEvent.IsErased));
    }

    [Fact]
    public async Task Work_ReaderOfAnOlderState_IsReportedAndTheFileIsCleanedLater()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        await fixture.AnswerAsync(upstream);
        var asked = await fixture.AskAsync("ses_1");
        DateTimeOffset? next;
        await using (var db = await fixture.Host.Database.Contexts.CreateDbContextAsync())
        {
            await db.Database.OpenConnectionAsync();
            var connection = db.Database.GetDbConnection();
            await using var begin = connection.CreateCommand();
            begin.CommandText = "BEGIN; SELECT count(*) FROM run_events;";
            await begin.ExecuteScalarAsync();
            next = await fixture.NewErasureWorker().WorkAsync(CancellationToken.None).Soon("the worker is done for now");
            begin.CommandText = "ROLLBACK";
            await begin.ExecuteNonQueryAsync();
        }

        var waiting = (await fixture.FindRecordAsync(asked.Id)).Request;
        Assert.Equal(ErasureState.Erasing, waiting.State);
        Assert.Null(waiting.ErasedAt);
        Assert.Equal(ErasureProblems.DatabaseInUse, waiting.Problem);

        fixture.Clock.Advance(next!.Value - fixture.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        await fixture.NewErasureWorker().WorkAsync(CancellationToken.None).Soon("the worker is done");
        var done = (await fixture.FindRecordAsync(asked.Id)).Request;
        Assert.Equal(ErasureState.Forgotten, done.State);
        Assert.Null(done.Problem);
    }

    [Fact]
    public async Task Work_ContentElsewhereCannotBeErased_IsNotFinished()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        await fixture.AnswerAsync(upstream);
        var disk = new Disk { IsBroken = true };
        fixture.Remains = [disk];
        var asked = await fixture.AskAsync("ses_1");

        var next = await fixture.NewErasureWorker().WorkAsync(CancellationToken.None).Soon("the worker is done for now");
        var waiting = (await fixture.FindRecordAsync(asked.Id)).Request;
        Assert.Equal(ErasureState.Erasing, waiting.State);
        Assert.Equal(1, waiting.Attempts);
        Assert.Equal(ErasureProblems.Failed, waiting.Problem);

        disk.IsBroken = false;
        fixture.Clock.Advance(next!.Value - fixture.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        await fixture.NewErasureWorker().WorkAsync(CancellationToken.None).Soon("the worker is done");
        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(asked.Id)).Request.State);
        Assert.Equal(["ses_1"], disk.Forgotten);
    }

    private sealed class Disk : ISessionEraser
    {
        public bool IsBroken { get; set; }

        public List<string> Forgotten { get; } = [];

        public Task EraseAsync(string sessionId, CancellationToken cancellationToken)
        {
            if (IsBroken)
            {
                throw new IOException("The disk is away.");
            }

            Forgotten.Add(sessionId);
            return Task.CompletedTask;
        }
    }
}
