using Copilot.Domain.Concurrency;
using System.Runtime.CompilerServices;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Log;

/// <inheritdoc cref="IRunDirectory"/>
internal sealed class RunDirectory : IRunDirectory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunSummary> _live = [];
    private readonly Dictionary<RunScope, HashSet<Follower>> _followers = [];

    /// <inheritdoc/>
    public IReadOnlyList<RunSummary> Live
    {
        get
        {
            lock (_lock)
            {
                return [.. _live.Values];
            }
        }
    }

    /// <summary>How many follow; leak tests read it.</summary>
    public int Followers
    {
        get
        {
            lock (_lock)
            {
                return _followers.Values.Sum(followers => followers.Count);
            }
        }
    }

    /// <summary>Takes over a run's committed summary.</summary>
    public void Publish(RunSummary summary)
    {
        lock (_lock)
        {
            if (summary.Status.IsSettled())
            {
                _live.Remove(summary.RunId);
            }
            else
            {
                _live[summary.RunId] = summary;
            }

            Offer(RunScope.OfSession(summary.SessionId), summary);
            Offer(RunScope.OfUser(summary.UserId), summary);
            Offer(RunScope.OfTeam(summary.TeamId), summary);
            Offer(RunScope.Everyone, summary);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<RunSummary>> FollowAsync(
        RunScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = new Follower();
        lock (_lock)
        {
            // Snapshot and subscription are one step under one lock: no gap, no duplicate.
            foreach (var summary in _live.Values.Where(scope.Holds))
            {
                follower.Offer(summary);
            }

            Follow(scope, follower);
        }

        try
        {
            while (true)
            {
                Task changed;
                RunSummary[] batch;
                lock (_lock)
                {
                    batch = follower.Take();
                    changed = follower.Changed;
                }

                if (batch.Length > 0)
                {
                    yield return batch;
                }

                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_lock)
            {
                Leave(scope, follower);
            }
        }
    }

    private void Offer(RunScope scope, RunSummary summary)
    {
        if (_followers.TryGetValue(scope, out var followers))
        {
            foreach (var follower in followers)
            {
                follower.Offer(summary);
            }
        }
    }

    private void Follow(RunScope scope, Follower follower)
    {
        if (!_followers.TryGetValue(scope, out var followers))
        {
            _followers[scope] = followers = [];
        }

        followers.Add(follower);
    }

    private void Leave(RunScope scope, Follower follower)
    {
        if (_followers.TryGetValue(scope, out var followers) && followers.Remove(follower) && followers.Count == 0)
        {
            _followers.Remove(scope);
        }
    }

    /// <summary>The newest summary of each run that changed since the last look; its size is bounded by the number of runs.</summary>
    private sealed class Follower
    {
        private readonly Dictionary<string, RunSummary> _changed = [];
        private readonly AsyncSignal _signal = new();

        public Task Changed => _changed.Count > 0 ? Task.CompletedTask : _signal.Next;

        public void Offer(RunSummary summary)
        {
            _changed[summary.RunId] = summary;
            _signal.Set();
        }

        public RunSummary[] Take()
        {
            var batch = _changed.Values.ToArray();
            _changed.Clear();
            return batch;
        }
    }
}
