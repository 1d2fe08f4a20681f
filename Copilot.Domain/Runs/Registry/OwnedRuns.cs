using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Domain.Runs.Registry;

/// <summary>The runs that this process owns: their scopes, whose turn it is, and letting go of them.</summary>
internal sealed class OwnedRuns(IServiceScopeFactory scopes, RunLogs logs)
{
    private readonly Dictionary<string, OwnedRun> _runs = [];
    private readonly Lock _lock = new();
    private bool _stopping;

    /// <summary>How many there are, queued ones included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _runs.Count;
            }
        }
    }

    /// <summary>How many work, and do not wait for their turn.</summary>
    public int Active
    {
        get
        {
            lock (_lock)
            {
                return _runs.Values.Count(run => !run.Waits);
            }
        }
    }

    /// <summary>True from <see cref="Stop"/> on: no run begins any more.</summary>
    public bool IsStopping
    {
        get
        {
            lock (_lock)
            {
                return _stopping;
            }
        }
    }

    /// <summary>How many of a person's runs wait for their turn.</summary>
    public int WaitingOf(string userId)
    {
        lock (_lock)
        {
            return _runs.Values.Count(run => run.Waits && run.UserId == userId);
        }
    }

    /// <summary>Completes when every run owned now has been let go.</summary>
    public Task WhenIdleAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_runs.Values.Select(owned => owned.Released).ToArray());
        }
    }

    /// <summary>The run, or null when this process does not own it.</summary>
    public OwnedRun? Find(string runId)
    {
        lock (_lock)
        {
            return _runs.GetValueOrDefault(runId);
        }
    }

    /// <summary>Owns a run from now on. It is created or restored next, and launched or released after that.</summary>
    public OwnedRun Add(string runId, string sessionId, string userId, RunMessage first, AsyncServiceScope scope)
    {
        var owned = new OwnedRun(
            runId, sessionId, userId, first, scope, scope.ServiceProvider.GetRequiredService<RunActor>(), logs.Hold(runId));
        lock (_lock)
        {
            _runs.Add(runId, owned);
        }

        return owned;
    }

    /// <summary>Owns a run that its log tells of, and launches it.</summary>
    public async Task<OwnedRun> TakeUpAsync(RunSummary run, RunMessage first, CancellationToken cancellationToken)
    {
        var owned = Add(run.RunId, run.SessionId, run.UserId, first, scopes.CreateAsyncScope());
        try
        {
            await owned.Actor.RestoreAsync(run.RunId, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await ReleaseAsync(owned).ConfigureAwait(false);
            throw;
        }

        Launch(owned);
        return owned;
    }

    /// <summary>Starts the run's loop; it waits for its turn.</summary>
    public void Launch(OwnedRun owned)
    {
        owned.Actor.Start();
        owned.Released = ReleaseWhenDoneAsync(owned);
    }

    /// <summary>Lets the run begin, whether it is its turn or not.</summary>
    public void Begin(OwnedRun owned)
    {
        lock (_lock)
        {
            owned.Waits = false;
        }

        owned.Actor.Post(owned.First);
    }

    /// <summary>Lets the session's oldest waiting run begin when no other works. Run ids sort by time.</summary>
    public void BeginNext(string sessionId)
    {
        OwnedRun? next = null;
        lock (_lock)
        {
            var session = _runs.Values.Where(run => run.SessionId == sessionId).ToArray();
            if (!_stopping && session.All(run => run.Waits))
            {
                next = session.MinBy(run => run.RunId, StringComparer.Ordinal);
                next?.Waits = false;
            }
        }

        next?.Actor.Post(next.First);
    }

    /// <summary>Lets go of a run: its scope is disposed.</summary>
    public async Task ReleaseAsync(OwnedRun owned)
    {
        lock (_lock)
        {
            _runs.Remove(owned.RunId);
        }

        owned.Log.Dispose();
        await owned.Scope.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Lets no run begin any more.</summary>
    /// <returns>The runs that are to be interrupted.</returns>
    public IReadOnlyList<OwnedRun> Stop()
    {
        lock (_lock)
        {
            _stopping = true;
            return [.. _runs.Values];
        }
    }

    private async Task ReleaseWhenDoneAsync(OwnedRun owned)
    {
        await owned.Actor.Completion.ConfigureAwait(false);
        await ReleaseAsync(owned).ConfigureAwait(false);
        BeginNext(owned.SessionId);
    }
}
