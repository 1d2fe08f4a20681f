using System.Collections.Immutable;
using Copilot.Domain.Concurrency;

namespace Copilot.Web.Supervision;

/// <inheritdoc cref="IRunPresence"/>
internal sealed class RunPresence(RunWatchLog log, TimeProvider time) : IRunPresence
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<RunWatcher>> _joined = [];
    private readonly Dictionary<string, ImmutableArray<RunWatcher>> _watchers = [];
    private readonly Dictionary<string, RunClaim> _claims = [];
    private readonly AsyncSignal _changed = new();
    private long _version;

    /// <inheritdoc/>
    public long Version => Interlocked.Read(ref _version);

    /// <inheritdoc/>
    public Task Changed => _changed.Next;

    /// <inheritdoc/>
    public IDisposable Join(string runId, RunWatcher who)
    {
        lock (_lock)
        {
            if (!_joined.TryGetValue(runId, out var joined))
            {
                _joined[runId] = joined = [];
            }

            joined.Add(who);
            Recount(runId, joined);
        }

        return new Stay(this, runId, who, log.Begin(runId, who));
    }

    /// <inheritdoc/>
    public ImmutableArray<RunWatcher> WatchersOf(string runId)
    {
        lock (_lock)
        {
            return _watchers.GetValueOrDefault(runId, []);
        }
    }

    /// <inheritdoc/>
    public RunClaim? ClaimOf(string runId)
    {
        lock (_lock)
        {
            return _claims.GetValueOrDefault(runId);
        }
    }

    /// <inheritdoc/>
    public void ShowClaim(string runId, RunClaim? claim)
    {
        lock (_lock)
        {
            if (_claims.GetValueOrDefault(runId) == claim)
            {
                return;
            }

            if (claim is null)
            {
                _claims.Remove(runId);
            }
            else
            {
                _claims[runId] = claim;
            }

            Report();
        }
    }

    private void Leave(Stay stay)
    {
        lock (_lock)
        {
            if (_joined.TryGetValue(stay.RunId, out var joined) && joined.Remove(stay.Who))
            {
                Recount(stay.RunId, joined);
            }
        }

        log.End(stay.LogId, time.GetUtcNow());
    }

    private void Recount(string runId, List<RunWatcher> joined)
    {
        if (joined.Count == 0)
        {
            _joined.Remove(runId);
            _watchers.Remove(runId);
        }
        else
        {
            _watchers[runId] = [.. joined.OrderBy(one => one.JoinedAt).DistinctBy(one => one.UserId)];
        }

        Report();
    }

    private void Report()
    {
        Interlocked.Increment(ref _version);
        _changed.Set();
    }

    private sealed class Stay(RunPresence presence, string runId, RunWatcher who, string logId) : IDisposable
    {
        private bool _left;

        public string RunId => runId;

        public RunWatcher Who => who;

        public string LogId => logId;

        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                presence.Leave(this);
            }
        }
    }
}
