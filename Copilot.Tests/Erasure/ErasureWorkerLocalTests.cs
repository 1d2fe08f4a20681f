using Copilot.Web.Storage.Sessions;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Copilot.Tests.Storage;
using Copilot.Tests.Storage.Search;
using Copilot.Web.Identity;
using Copilot.Web.Sessions.Timelines;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Comments;
using Copilot.Web.Storage.Erasure;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Snapshots;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Erasure;

/// <summary>What is removed here, and what stays.</summary>
public sealed class ErasureWorkerLocalTests
{
    private const string Canary = "zqcanaryword";

    [Fact]
    public async Task Work_SessionWithTools_LeavesNoTextOnDiskAndTheChainVerifies()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var tool = new TestTool("look", _ => Task.FromResult(Canary + "tool"));
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket, tool);
        var run = await fixture.Host.StartRunAsync($"Where is {Canary}question?");
        var socket = await upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", $"It is {Canary}answer " + new string('x', RunStatements.LargePayload) + $"{Canary}large"));
        var before = await fixture.Host.RestAsync(run.RunId);
        Assert.True(await fixture.IsOnDiskAsync(Canary), "else the search below proves nothing");
        var scene = new SearchScene(fixture.Host.Database);
        await scene.IndexAsync();
        Assert.Equal(run.RunId, Assert.Single(await scene.FindAsync(SearchScene.Admin, $"?q={Canary}tool")).RunId);
        Assert.Single(await fixture.Host.Database.Sessions.ListAsync("usr_1", SessionFilter.All, Canary, null, 10, CancellationToken.None));
        await AddIdempotencyKeyAsync(fixture, run.RunId);
        await AddCommentAsync(fixture, run.RunId, $"About {Canary}comment");
        var ended = (await fixture.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!;
        var opened = await OpenAsync(fixture, ended);
        Assert.Equal(1L, await fixture.Host.Database.ScalarAsync<long>("SELECT count(*) FROM run_snapshots"));

        var evidence = await fixture.EraseAsync("ses_1");

        Assert.Equal(ErasureState.Forgotten, evidence.Request.State);
        Assert.Equal(0L, await fixture.Host.Database.ScalarAsync<long>("SELECT count(*) FROM run_comments"));
        Assert.Equal(0L, await fixture.Host.Database.ScalarAsync<long>("SELECT count(*) FROM find_texts"));

        // Also not by a page that has it open.
        await Snapshots(fixture).SaveAsync(opened, CancellationToken.None);
        Assert.Equal(0L, await fixture.Host.Database.ScalarAsync<long>("SELECT count(*) FROM run_snapshots"));
        Assert.Empty(await scene.FindAsync(SearchScene.Admin, $"?q={Canary}"));
        Assert.False(await fixture.IsOnDiskAsync(Canary), "a word of the run is still in the files");
        var after = await fixture.ReadAsync(run.RunId);
        Assert.All(after, runEvent => Assert.True(runEvent.IsErased && runEvent.Data.IsEmpty));
        Assert.Equal(before.Select(Kept), after.Select(Kept));
        var hash = RunEventChain.Start;
        foreach (var runEvent in after)
        {
            Assert.True(RunEventChain.Verify(runEvent, hash));
            hash = runEvent.Hash;
        }

        var erased = Assert.Single(evidence.Runs);
        Assert.Equal(before.Count, (int)erased.Events);
        Assert.Equal(before.Sum(runEvent => (long)runEvent.Data.Length), erased.Bytes);
        Assert.Equal(Convert.ToHexStringLower(before[^1].Hash.Span), erased.HeadHash);
        Assert.True(erased.ChainHeldBefore);
        Assert.True(erased.ChainHoldsAfter);
        var summary = (await fixture.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!;
        Assert.Equal("", summary.Input);
        Assert.Equal("", summary.OutputText);
        Assert.Equal("", summary.LastWords);
        Assert.Equal(RunStatus.Completed, summary.Status);
        Assert.Equal(erased.ErasedAt, summary.ForgottenAt);
        Assert.Equal(before.Count, (int)summary.HeadSeq);
        Assert.Equal(RunEraser.Title, (await fixture.Host.Database.Sessions.FindAsync("ses_1", CancellationToken.None))!.Title);
        Assert.Empty(await fixture.Host.Database.Sessions.ListAsync("usr_1", SessionFilter.All, Canary, null, 10, CancellationToken.None));
        Assert.Equal(0L, await fixture.Host.Database.ScalarAsync<long>("SELECT count(*) FROM run_payloads"));
        Assert.Equal(0L, await fixture.Host.Database.ScalarAsync<long>("SELECT count(*) FROM idempotency_keys"));
    }

    [Fact]
    public async Task Work_SnapshotIsStillThere_RecordSaysThatContentIsLeft()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        var run = await fixture.Host.StartRunAsync("Where is it?");
        var socket = await upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_1", "There."));
        await fixture.Host.RestAsync(run.RunId);
        await OpenAsync(fixture, (await fixture.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!);
        await using (var db = await fixture.Host.Database.Contexts.CreateDbContextAsync())
        {
            await db.WriteAsync(
                token => db.Database.ExecuteSqlAsync(
                    $"CREATE TRIGGER back AFTER DELETE ON run_snapshots BEGIN INSERT INTO run_snapshots SELECT OLD.run_id, OLD.head_seq, OLD.build, OLD.saved_at, OLD.content; END", token),
                CancellationToken.None);
        }

        var evidence = await fixture.EraseAsync("ses_1");

        Assert.False(Assert.Single(evidence.Runs).ChainHoldsAfter);
    }

    [Fact]
    public async Task Work_RunningAndQueuedRun_AreStoppedByTheRequesterAndErased()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        var working = await fixture.Host.StartRunAsync("First");
        var socket = await upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_1"), Frames.Delta("Hel"));
        await fixture.Host.SeeAsync(working.RunId, "response.output_text.delta");
        var queued = await fixture.Host.StartRunAsync("Second");

        var evidence = await fixture.EraseAsync("ses_1");

        Assert.Equal(ErasureState.Forgotten, evidence.Request.State);
        Assert.Equal([working.RunId, queued.RunId], evidence.Runs.Select(run => run.RunId));
        Assert.Equal(1, upstream.Upgrades);
        foreach (var runId in (string[])[working.RunId, queued.RunId])
        {
            var end = (await fixture.ReadAsync(runId))[^1];
            Assert.Equal(RunEventTypes.RunCancelled, end.Type);
            Assert.Equal(ErasureFixture.Owner, end.Actor?.Id);
        }

        var response = Assert.Single(evidence.Responses);
        Assert.Equal("resp_1", response.ResponseId);
        Assert.Equal(ErasureProof.SocketClosed, response.Proof);
        Assert.Equal(ErasureProofState.Verified, response.State);
        Assert.Equal("closed", response.SocketEnd);
        Assert.Equal(1000, response.CloseCode);
    }

    [Fact]
    public async Task Work_RunThatDoesNotStop_HoldsUpNoOtherConversation()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        await AnswerAsync(fixture, upstream);
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
        var run = await AnswerAsync(fixture, upstream);
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
            log.Upstream(Frames.Delta($"{Canary} {log.All.Count}"));
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
        Assert.False(await fixture.IsOnDiskAsync(Canary));
        Assert.Equal(2 + (3 * 41), (await fixture.ReadAsync("run_other")).Count(runEvent => !runEvent.IsErased));
    }

    [Fact]
    public async Task Work_ReaderOfAnOlderState_IsReportedAndTheFileIsCleanedLater()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        await AnswerAsync(fixture, upstream);
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
        await AnswerAsync(fixture, upstream);
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

    private static async Task AddCommentAsync(ErasureFixture fixture, string runId, string text)
    {
        await using var db = await fixture.Host.Database.Contexts.CreateDbContextAsync();
        db.Comments.Add(new CommentRow { Id = "cmt_1", RunId = runId, Seq = 1, AuthorId = "usr_2", Text = text, CreatedAt = 1 });
        db.Comments.Add(new CommentRow { Id = "cmt_2", RunId = runId, ReplyTo = "cmt_1", Seq = 1, AuthorId = "usr_1", Text = text, CreatedAt = 2 });
        await db.SaveChangesAsync();
    }

    private static TimelineSnapshots Snapshots(ErasureFixture fixture) => new(
        fixture.Host.Database.Services.GetRequiredService<RunSnapshots>(), new EphemeralDataProtectionProvider(), NullLogger<TimelineSnapshots>.Instance);

    private static async Task<TimelineState> OpenAsync(ErasureFixture fixture, RunSummary run)
    {
        var timelines = new RunTimelines(fixture.Host.Feed, Snapshots(fixture), TimeProvider.System, NullLogger<RunTimelines>.Instance);
        await using var holder = timelines.Hold(run);
        await holder.Timeline.Completion.Soon("the run is open and saved");
        return holder.Timeline.Current.State;
    }

    private static async Task AddIdempotencyKeyAsync(ErasureFixture fixture, string runId)
    {
        await using var db = await fixture.Host.Database.Contexts.CreateDbContextAsync();
        db.Users.Add(new CopilotUser { Id = "usr_1", UserName = "una", DisplayName = "Una", TeamId = "team_default" });
        db.ApiKeys.Add(new ApiKeyRow { Id = "key_1", UserId = "usr_1", Name = "k", KeyHash = [1], CreatedAt = 1 });
        db.IdempotencyKeys.Add(new IdempotencyRow { ApiKeyId = "key_1", Key = "k1", BodyHash = [1], RunId = runId, CreatedAt = 1 });
        await db.SaveChangesAsync();
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

    internal static async Task<string> AnswerAsync(ErasureFixture fixture, ScriptedUpstream upstream)
    {
        var run = await fixture.Host.StartRunAsync("Hello");
        var socket = await upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_1", "Hi"));
        await fixture.Host.RestAsync(run.RunId);
        return run.RunId;
    }

    private static object Kept(RunEvent e) => (
        e.Seq, e.At, e.Source, e.Actor, e.Type, e.ResponseId, e.CallId,
        Convert.ToHexString(e.PayloadDigest.Span), Convert.ToHexString(e.Hash.Span));
}
