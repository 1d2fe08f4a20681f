using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Registry;

/// <summary>The runs that this process owns: their scopes, whose turn it is, and letting go of them.</summary>
internal sealed partial class OwnedRuns(IServiceScopeFactory scopes, RunLogs logs, ILogger logger)
{
    private readonly Dictionary<string, OwnedRun> _runs = [];
    private readonly List<string> _withoutPlace = [];
    private readonly Lock _lock = new();
    private long _order;
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

    /// <summary>The end of a session's queue: the run that was owned last, or null.</summary>
    public OwnedRun? LastOf(string sessionId)
    {
        lock (_lock)
        {
            return _runs.Values.Where(run => run.SessionId == sessionId).MaxBy(run => run.Order);
        }
    }

    /// <summary>True when a run of the session works, or was told to begin and has not committed that yet.</summary>
    public bool IsBusy(string sessionId)
    {
        lock (_lock)
        {
            return _runs.Values.Any(run => run.SessionId == sessionId && !run.Waits && run.Place is not null);
        }
    }

    /// <summary>Owns a run from now on. It is created or restored next, and launched or released after that.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="sessionId">Its session.</param>
    /// <param name="first">What sets it going.</param>
    /// <param name="place">Its place, which is given back with the run; null for a run that is only ended.</param>
    /// <param name="scope">Its scope, which is disposed with the run.</param>
    public OwnedRun Add(string runId, string sessionId, RunMessage first, RunPlace? place, AsyncServiceScope scope)
    {
        var owned = new OwnedRun(
            runId, sessionId, first, place, scope, scope.ServiceProvider.GetRequiredService<RunActor>(), logs.Hold(runId));
        lock (_lock)
        {
            owned.Order = ++_order;
            _runs.Add(runId, owned);
        }

        return owned;
    }

    /// <summary>Owns a run again from its log, and launches it. Where that fails, the place is given back.</summary>
    public async Task<OwnedRun> RestoreAsync(RunSummary run, RunMessage first, RunPlace? place, CancellationToken cancellationToken)
    {
        var owned = Add(run.RunId, run.SessionId, first, place, scopes.CreateAsyncScope());
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
        owned.MarkLaunched();
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

    /// <summary>Lets the session's oldest waiting run begin when no other works and there is a place for it.</summary>
    public void BeginNext(string sessionId)
    {
        OwnedRun? next = null;
        lock (_lock)
        {
            var session = _runs.Values.Where(run => run.SessionId == sessionId).ToArray();
            if (!_stopping && session.Length > 0 && session.All(run => run.Waits))
            {
                next = session.MinBy(run => run.Order)!;
                if (next.Place is null || next.Place.TryActivate())
                {
                    next.Waits = false;
                }
                else
                {
                    next = null;
                    _withoutPlace.Add(sessionId);
                }
            }
        }

        next?.Actor.Post(next.First);
    }

    /// <summary>Lets go of a run: its place is given back and its scope is disposed, whatever goes wrong there.</summary>
    public async Task ReleaseAsync(OwnedRun owned)
    {
        lock (_lock)
        {
            _runs.Remove(owned.RunId);
        }

        owned.Log.Dispose();
        try
        {
            await owned.Scope.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotDisposed(exception, owned.RunId);
        }

        owned.Place?.Dispose();
        BeginWithoutPlace();
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

    /// <summary>The sessions whose turn had come before there was a place, in that order.</summary>
    private void BeginWithoutPlace()
    {
        string[] waiting;
        lock (_lock)
        {
            waiting = [.. _withoutPlace.Distinct()];
            _withoutPlace.Clear();
        }

        foreach (var sessionId in waiting)
        {
            BeginNext(sessionId);
        }
    }

    [LoggerMessage(LogLevel.Error, "What run {RunId} had used could not be disposed")]
    private partial void LogNotDisposed(Exception exception, string runId);
}
