using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Sessions.Timelines;

/// <summary>
/// The timelines that somebody looks at. Ten viewers of one run cost one read and one fold; a timeline goes when the last of them
/// leaves, so nothing that was deleted stays in memory.
/// </summary>
/// <param name="feed">Where events come from.</param>
/// <param name="snapshots">Where timelines that have ended are saved; null where they are folded each time.</param>
/// <param name="time">The clock of the retries.</param>
/// <param name="logger">Where a read that broke is noted.</param>
internal sealed class RunTimelines(IRunFeed feed, TimelineSnapshots? snapshots, TimeProvider time, ILogger<RunTimelines> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string RunId, bool Whole), Entry> _entries = [];

    /// <summary>How many timelines are held; leak tests read it.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Holds the timeline of a run until the holder is disposed. Of a run that has ended, the pieces that its answers came in may be left out.</summary>
    /// <param name="run">The run as the caller found it.</param>
    public Holder Hold(RunSummary run) => Hold(run, whole: !run.Status.IsTerminal());

    /// <summary>
    /// The same with every event of the run, so that it can be clipped anywhere and tells when its events came. A run that has not ended is
    /// read whole anyway, once for all who look at it.
    /// </summary>
    /// <param name="run">The run as the caller found it.</param>
    public Holder HoldWhole(RunSummary run) => Hold(run, whole: true);

    private Holder Hold(RunSummary run, bool whole)
    {
        lock (_lock)
        {
            // One that was read whole says all that one without pieces says.
            var key = (run.RunId, whole || _entries.ContainsKey((run.RunId, true)));
            if (!_entries.TryGetValue(key, out var entry) || IsStale(entry.Timeline.Current, run))
            {
                _entries[key] = entry = new Entry(key, new SharedTimeline(feed, snapshots, time, logger, run, whole));
            }

            entry.Holders++;
            return new Holder(this, entry);
        }
    }

    // What others still show of a run that was deleted since, or that went on after its timeline had ended, is not shown anew.
    private static bool IsStale(TimelineStep step, RunSummary run) =>
        run.ForgottenAt is not null || (step.HasEnded && step.State.HeadSeq < run.HeadSeq);

    private async ValueTask ReleaseAsync(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Holders > 0)
            {
                return;
            }

            if (_entries.TryGetValue(entry.Key, out var current) && current == entry)
            {
                _entries.Remove(entry.Key);
            }
        }

        await entry.Timeline.DisposeAsync();
    }

    internal sealed class Entry((string RunId, bool Whole) key, SharedTimeline timeline)
    {
        public (string RunId, bool Whole) Key => key;

        public SharedTimeline Timeline => timeline;

        public int Holders { get; set; }
    }

    /// <summary>One hold on a timeline.</summary>
    public sealed class Holder : IAsyncDisposable
    {
        private readonly RunTimelines _owner;
        private readonly Entry _entry;
        private int _released;

        internal Holder(RunTimelines owner, Entry entry) => (_owner, _entry) = (owner, entry);

        /// <summary>The timeline.</summary>
        public SharedTimeline Timeline => _entry.Timeline;

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => Interlocked.Exchange(ref _released, 1) == 0 ? _owner.ReleaseAsync(_entry) : ValueTask.CompletedTask;
    }
}
