using System.Text;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Runs.Actor;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Runs.Log;

public sealed class RunFeedTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private RunLogs _logs = null!;
    private RunDirectory _directory = null!;
    private readonly StoreAvailability _availability = new();
    private RunEventWriter _writer = null!;
    private RunFeed _feed = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _logs = new RunLogs();
        _directory = new RunDirectory();
        _writer = new RunEventWriter(_database.Events, _logs, _directory, _availability, TimeProvider.System, NullLogger<RunEventWriter>.Instance);
        _feed = new RunFeed(_logs, _database.Events);
    }

    public async ValueTask DisposeAsync()
    {
        _database.FreeDisk();
        await _writer.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task FollowAsync_200FollowersJoinARunOf20000Events_NoGapNoDuplicate()
    {
        const int Events = 20_000;
        const int Followers = 200;
        var random = new Random(20261123);
        var joinAt = Enumerable.Range(0, Followers).Select(_ => random.Next(Events)).Order().ToArray();
        var slow = Enumerable.Range(0, Followers).Select(i => i % 4 == 0).ToArray();
        var recording = new Recording("run_a", _writer);
        using (_logs.Hold("run_a"))
        {
            var followers = new List<Task<int>>();
            Task committed = Task.CompletedTask;
            for (var seq = 1; seq <= Events; seq++)
            {
                while (followers.Count < Followers && joinAt[followers.Count] <= seq)
                {
                    followers.Add(FollowToEndAsync("run_a", slow[followers.Count]));
                }

                committed = seq == Events ? recording.End() : recording.Next();
                if (seq % 50 == 0)
                {
                    await committed;
                }
            }

            await committed;
            var counts = await Task.WhenAll(followers).WaitAsync(TimeSpan.FromMinutes(1));

            Assert.Equal(Followers, counts.Length);
            Assert.All(counts, count => Assert.Equal(Events, count));
        }

        Assert.Equal(0, _logs.Count);
    }

    [Fact]
    public async Task FollowAsync_CursorAtTheEndOfAnEndedRun_Ends()
    {
        var recording = new Recording("run_b", _writer);
        await recording.Next();
        await recording.End();

        Assert.Equal(0, await CountAsync("run_b", after: 2));
    }

    [Fact]
    public async Task FollowAsync_RunWithoutOwner_WaitsForItsNextEvent()
    {
        var recording = new Recording("run_c", _writer);
        await recording.Next();
        await using var follower = _feed.FollowAsync("run_c", 0, CancellationToken.None).GetAsyncEnumerator();
        await follower.MoveNextAsync();
        var next = follower.MoveNextAsync().AsTask();

        await recording.End();

        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(2, follower.Current[0].Seq);
    }

    [Fact]
    public async Task AppendAsync_DiskFull_PublishesNothingUntilItIsKept()
    {
        var recording = new Recording("run_d", _writer);
        using var holder = _logs.Hold("run_d");
        await recording.Next();
        _database.FillDisk();
        var changed = _availability.Changed;
        var published = holder.Log.Changed;

        // Larger than the room left inside the pages the file has.
        var append = recording.Next(new string('x', 60_000));
        await changed.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.NotNull(_availability.Problem);
        Assert.False(append.IsCompleted);
        Assert.False(published.IsCompleted);
        Assert.Equal(1, (await _database.Events.FindAsync("run_d", CancellationToken.None))!.HeadSeq);

        _database.FreeDisk();
        await append.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Null(_availability.Problem);
        Assert.True(published.IsCompleted);
        Assert.Equal(2, (await _database.Events.FindAsync("run_d", CancellationToken.None))!.HeadSeq);
    }

    [Fact]
    public async Task AppendAsync_AnotherOwnerWrote_FailsOnlyThatRun()
    {
        var mine = new Recording("run_e", _writer);
        var theirs = new Recording("run_e", _writer);
        var other = new Recording("run_f", _writer);
        await mine.Next();
        theirs.Take(mine);
        await theirs.Next();

        var forked = mine.Next();
        var unharmed = other.Next();

        await Assert.ThrowsAsync<RunForkedException>(() => forked);
        await unharmed;
    }

    [Fact]
    public async Task Directory_FollowedBeforeARunBegins_SeesItBeginAndRest()
    {
        using var cancellation = new CancellationTokenSource();
        await using var follower = _directory.FollowAsync(RunScope.Everyone, cancellation.Token).GetAsyncEnumerator();
        var first = follower.MoveNextAsync().AsTask();
        var recording = new Recording("run_g", _writer);
        await recording.Next();

        Assert.True(await first.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(RunStatus.Queued, follower.Current[0].Status);
        Assert.Single(_directory.Live);

        await recording.End();

        Assert.True(await follower.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(RunStatus.Completed, follower.Current[0].Status);
        Assert.Empty(_directory.Live);
    }

    private async Task<int> FollowToEndAsync(string runId, bool slow)
    {
        // Its own task, so that the writer of this test is not slowed by its readers.
        await Task.Yield();
        var cursor = 0L;
        await foreach (var batch in _feed.FollowAsync(runId, 0, CancellationToken.None))
        {
            foreach (var runEvent in batch)
            {
                Assert.Equal(++cursor, runEvent.Seq);
            }

            for (var i = 0; slow && i < 20; i++)
            {
                await Task.Yield();
            }
        }

        return (int)cursor;
    }

    private async Task<int> CountAsync(string runId, long after)
    {
        var count = 0;
        await foreach (var batch in _feed.FollowAsync(runId, after, CancellationToken.None))
        {
            count += batch.Count;
        }

        return count;
    }

    /// <summary>Appends events of one run, as its owner does.</summary>
    private sealed class Recording(string runId, RunEventWriter writer)
    {
        private RunEvent? _last;
        private RunSummary? _summary;

        public void Take(Recording other) => (_last, _summary) = (other._last, other._summary);

        public Task Next() => Next("a word or two");

        public Task Next(string text) => _last is null
            ? Append(RunEventTypes.RunCreated, $$$"""{"session_id":"ses_{{{runId}}}","user_id":"usr_1","team_id":"team_default"}""")
            : Append("noted", $$$"""{"text":"{{{text}}}"}""");

        public Task End() => Append(RunEventTypes.RunCompleted, """{"duration_ms":1}""");

        private Task Append(string type, string data)
        {
            var runEvent = RunEventChain.Seal(runId, (_last?.Seq ?? 0) + 1, _last?.Hash ?? RunEventChain.Start, new RunEventDraft
            {
                At = RunTime.Now(TimeProvider.System),
                Source = EventSource.Agent,
                Type = type,
                Data = Encoding.UTF8.GetBytes(data),
            });
            _last = runEvent;
            _summary = RunSummaryFold.Apply(_summary, runEvent);
            return writer.AppendAsync(new RunAppend(_summary, [runEvent]));
        }
    }
}
