using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Sessions.Timelines;

/// <summary>
/// The timelines that somebody looks at. Ten viewers of one run cost one read and one fold; a timeline goes when the last of them
/// leaves, so nothing that was deleted stays in memory.
/// </summary>
internal sealed class RunTimelines(IRunFeed feed, TimeProvider time, ILogger<RunTimelines> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];

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

    /// <summary>Holds the timeline of a run until the holder is disposed.</summary>
    /// <param name="run">The run as the caller found it.</param>
    public Holder Hold(RunSummary run)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(run.RunId, out var entry) || IsStale(entry.Timeline.Current, run))
            {
                _entries[run.RunId] = entry = new Entry(run.RunId, new SharedTimeline(feed, time, logger, run));
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

            if (_entries.TryGetValue(entry.RunId, out var current) && current == entry)
            {
                _entries.Remove(entry.RunId);
            }
        }

        await entry.Timeline.DisposeAsync();
    }

    internal sealed class Entry(string runId, SharedTimeline timeline)
    {
        public string RunId => runId;

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
