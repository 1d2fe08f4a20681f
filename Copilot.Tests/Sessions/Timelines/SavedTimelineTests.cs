using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Snapshots;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Timeline;
using Copilot.Web.Sessions.Timelines;
using Copilot.Web.Storage.Snapshots;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions.Timelines;

/// <summary>A run that has ended is folded once; who opens it later reads what was made of it then, as long as it fits.</summary>
public sealed class SavedTimelineTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 29, 20, 0, 0, TimeSpan.Zero));
    private readonly IDataProtectionProvider _keys = new EphemeralDataProtectionProvider();
    private TestDatabase _database = null!;

    private RunSnapshots Store => _database.Services.GetRequiredService<RunSnapshots>();

    public async ValueTask InitializeAsync() =>
        _database = await TestDatabase.CreateAsync(services => services.AddSingleton<TimeProvider>(_clock));

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Hold_GoldenLogsThatEnded_AreTheSameTheSecondTimeAndReadNoEvent()
    {
        var saved = 0;
        foreach (var events in GoldenLog.All.SelectMany(log => log.Runs).DistinctBy(run => run[0].RunId))
        {
            var run = await AppendAsync(events);
            if (!run.Status.IsTerminal())
            {
                continue;
            }

            var first = await OpenAsync(run, Feed());
            var second = await OpenAsync(run, new ScriptedRunFeed());

            Assert.Equal(TimelineDump.Of(first), TimelineDump.Of(second));
            saved++;
        }

        Assert.Equal(saved, await CountAsync());
        Assert.True(saved > 50);
    }

    [Fact]
    public async Task Hold_RunThatWorksOrIsReadWhole_IsNeitherSavedNorRestored()
    {
        var ended = await AppendAsync(Ended("run_1").All);
        var working = new RunEvents("run_2").Created("ses_1", "usr_1");
        working.Own("run.interrupted", """{"reason":"The server stopped."}""");
        var interrupted = await AppendAsync(working.All);

        await using (var whole = Timelines(Feed()).HoldWhole(ended))
        {
            await whole.Timeline.Completion.Soon("the run is read whole");
        }

        await using (var open = Timelines(Feed()).Hold(interrupted))
        {
            await FoldedAsync(open.Timeline, interrupted.HeadSeq);
        }

        Assert.Equal(0, await CountAsync());
        await OpenAsync(ended, Feed());
        await using var again = Timelines(Feed()).HoldWhole(ended);
        await again.Timeline.Completion.Soon("the run is read whole again");
        Assert.Equal(ended.HeadSeq, again.Timeline.Current.Times.Count);
    }

    [Theory]
    [InlineData("UPDATE run_snapshots SET content = randomblob(200)")]
    [InlineData("UPDATE run_snapshots SET content = x''")]
    [InlineData("UPDATE run_snapshots SET content = (SELECT content FROM run_snapshots WHERE run_id = 'run_2')")]
    [InlineData("UPDATE run_snapshots SET build = 'another'")]
    [InlineData("UPDATE run_snapshots SET head_seq = head_seq - 1")]
    [InlineData("DELETE FROM run_snapshots")]
    public async Task Hold_SnapshotThatDoesNotFit_IsMadeAnewFromTheEvents(string change)
    {
        var run = await AppendAsync(Ended("run_1", "What is it?").All);
        var other = await AppendAsync(Ended("run_2", "Something else").All);
        var before = await OpenAsync(run, Feed());
        await OpenAsync(other, Feed());
        await DoAsync(change);

        Assert.Equal(TimelineDump.Of(before), TimelineDump.Of(await OpenAsync(run, Feed())));
        Assert.Equal(TimelineDump.Of(before), TimelineDump.Of(await OpenAsync(run, new ScriptedRunFeed())));
    }

    [Fact]
    public async Task Hold_AnotherInstallationsSnapshot_IsNotShown()
    {
        var run = await AppendAsync(Ended("run_1").All);
        await OpenAsync(run, Feed());
        var other = new TimelineSnapshots(Store, new EphemeralDataProtectionProvider(), NullLogger<TimelineSnapshots>.Instance);

        Assert.NotNull(await Snapshots().FindAsync(run, CancellationToken.None));
        Assert.Null(await other.FindAsync(run, CancellationToken.None));
    }

    [Fact]
    public async Task Save_RunWhoseContentIsToBeDeletedOrThatIsNotAsItWas_IsRefused()
    {
        var run = await AppendAsync(Ended("run_1").All);
        var state = await OpenAsync(run, Feed());
        Assert.False(await Store.SaveAsync(run.RunId, run.HeadSeq - 1, TimelineSnapshot.Build, [1], CancellationToken.None));
        Assert.False(await Store.SaveAsync("run_9", run.HeadSeq, TimelineSnapshot.Build, [1], CancellationToken.None));
        Assert.True(await Store.SaveAsync(run.RunId, run.HeadSeq, TimelineSnapshot.Build, [1], CancellationToken.None));
        await DoAsync("DELETE FROM run_snapshots");

        await DoAsync($"INSERT INTO forgettings (id, session_id, user_id, team_id, cause, requested_at, state, next_at, attempts) VALUES ('f', 'ses_1', 'usr_1', 't', '{ErasureCause.Deletion}', 1, 'erasing', 1, 0)");
        await DoAsync("INSERT INTO forgotten_runs (run_id, forgetting_id, events, bytes, head_hash, chain_held_before, planned_at) VALUES ('run_1', 'f', 1, 1, x'00', 1, 1)");
        await Snapshots().SaveAsync(state, CancellationToken.None);

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Save_DiskIsFull_RunIsShownAllTheSame()
    {
        // More than the file has room for, however well it is compressed.
        var noise = new byte[40_000];
        new Random(1).NextBytes(noise);
        var run = await AppendAsync(Ended("run_1", Convert.ToHexString(noise)).All);
        _database.FillDisk();

        Assert.Equal(run.HeadSeq, (await OpenAsync(run, Feed())).HeadSeq);
        Assert.Equal(0, await CountAsync());
        _database.FreeDisk();
        await OpenAsync(run, Feed());

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Clean_AMonthLater_DeletesWhatNobodyMadeAnew()
    {
        var runs = new List<RunSummary>();
        for (var number = 0; number < 102; number++)
        {
            runs.Add(await AppendAsync(Ended($"run_{number}").All));
            await OpenAsync(runs[^1], Feed());
        }

        _clock.Advance(TimeSpan.FromDays(29));
        await Store.CleanAsync(CancellationToken.None);
        Assert.Equal(102, await CountAsync());
        await DoAsync("DELETE FROM run_snapshots WHERE run_id = 'run_5'");
        await OpenAsync(runs[5], Feed());
        _clock.Advance(TimeSpan.FromDays(2));

        await Store.CleanAsync(CancellationToken.None);

        Assert.Equal("run_5", await _database.ScalarAsync<string>("SELECT group_concat(run_id) FROM run_snapshots"));
    }

    private static RunEvents Ended(string runId, string question = "Is it there?")
    {
        var events = new RunEvents(runId).Created("ses_1", "usr_1");
        events.Own("user.message", $$"""{"text":"{{question}}"}""");
        events.Own("run.started", "{}");
        events.Own("run.cancelled", """{"reason":"Enough."}""");
        return events;
    }

    private static async Task FoldedAsync(SharedTimeline timeline, long seq)
    {
        while (true)
        {
            var changed = timeline.Changed;
            if (timeline.Current.State.HeadSeq == seq)
            {
                return;
            }

            await changed.Soon("more of the run is folded");
        }
    }

    private RunFeed Feed() => new(new RunLogs(), _database.Events);

    private TimelineSnapshots Snapshots() => new(Store, _keys, NullLogger<TimelineSnapshots>.Instance);

    private RunTimelines Timelines(IRunFeed feed) => new(feed, Snapshots(), _clock, NullLogger<RunTimelines>.Instance);

    /// <summary>The timeline as a page gets it, once it is saved.</summary>
    private async Task<TimelineState> OpenAsync(RunSummary run, IRunFeed feed)
    {
        await using var holder = Timelines(feed).Hold(run);
        await holder.Timeline.Completion.Soon($"run {run.RunId} is open and saved");
        Assert.True(holder.Timeline.Current.HasEnded);
        return holder.Timeline.Current.State;
    }

    private async Task<RunSummary> AppendAsync(IReadOnlyList<RunEvent> events)
    {
        var run = events.Aggregate((RunSummary?)null, RunSummaryFold.Apply)!;
        await _database.Events.AppendAsync([new RunAppend(run, events)], CancellationToken.None);
        return run;
    }

    private Task<long> CountAsync() => _database.ScalarAsync<long>("SELECT count(*) FROM run_snapshots");

    private async Task DoAsync(string sql)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync();
        await db.WriteAsync(token => db.Database.ExecuteSqlRawAsync(sql, token), CancellationToken.None);
    }
}
