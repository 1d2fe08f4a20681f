using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Log;

/// <summary>The logs that somebody writes or follows. A log goes when the last of them lets go.</summary>
internal sealed class RunLogs
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>How many logs are held; leak tests read it.</summary>
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

    /// <summary>Holds the log of a run until the holder is disposed.</summary>
    public Holder Hold(string runId)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(runId, out var entry))
            {
                _entries[runId] = entry = new Entry();
            }

            entry.Holders++;
            return new Holder(this, runId, entry.Log);
        }
    }

    /// <summary>Publishes to a log that is held. Any other has no reader, and the store has its events.</summary>
    public void Publish(string runId, IReadOnlyList<RunEvent> events)
    {
        Entry? entry;
        lock (_lock)
        {
            _entries.TryGetValue(runId, out entry);
        }

        entry?.Log.Publish(events);
    }

    /// <summary>Lets those who follow a run go on from the store.</summary>
    public void Reset(string runId)
    {
        Entry? entry;
        lock (_lock)
        {
            _entries.TryGetValue(runId, out entry);
        }

        entry?.Log.Reset();
    }

    private void Release(string runId)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(runId, out var entry) && --entry.Holders == 0)
            {
                _entries.Remove(runId);
            }
        }
    }

    private sealed class Entry
    {
        public RunLog Log { get; } = new();

        public int Holders { get; set; }
    }

    /// <summary>One hold on a log.</summary>
    public sealed class Holder(RunLogs owner, string runId, RunLog log) : IDisposable
    {
        private int _released;

        public RunLog Log => log;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                owner.Release(runId);
            }
        }
    }
}
