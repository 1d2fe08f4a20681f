using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Copilot.Tests.Storage.Search;
using Copilot.Web.Identity;
using Copilot.Web.Sessions.Timelines;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Comments;
using Copilot.Web.Storage.Erasure;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Sessions;
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

    private static object Kept(RunEvent e) => (
        e.Seq, e.At, e.Source, e.Actor, e.Type, e.ResponseId, e.CallId,
        Convert.ToHexString(e.PayloadDigest.Span), Convert.ToHexString(e.Hash.Span));
}
