using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Domain.Runs.Registry;

/// <summary>The runs that are owned: their scopes, whose turn it is, and letting go of them.</summary>
public sealed partial class RunRegistry
{
    private OwnedRun Own(string runId, string sessionId, string userId, RunMessage first, AsyncServiceScope scope)
    {
        var owned = new OwnedRun(
            runId, sessionId, userId, first, scope, scope.ServiceProvider.GetRequiredService<RunActor>(), _logs.Hold(runId));
        lock (_lock)
        {
            _runs.Add(runId, owned);
        }

        return owned;
    }

    private void Launch(OwnedRun owned)
    {
        owned.Actor.Start();
        owned.Released = ReleaseWhenDoneAsync(owned);
    }

    private async Task ReleaseWhenDoneAsync(OwnedRun owned)
    {
        await owned.Actor.Completion.ConfigureAwait(false);
        await ReleaseAsync(owned).ConfigureAwait(false);
        BeginNext(owned.SessionId);
    }

    private async Task ReleaseAsync(OwnedRun owned)
    {
        lock (_lock)
        {
            _runs.Remove(owned.RunId);
        }

        owned.Log.Dispose();
        await owned.Scope.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Lets the session's oldest waiting run begin when no other works. Run ids sort by time.</summary>
    private void BeginNext(string sessionId)
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

    private void Begin(OwnedRun owned)
    {
        lock (_lock)
        {
            owned.Waits = false;
        }

        owned.Actor.Post(owned.First);
    }

    private OwnedRun? Find(string runId)
    {
        lock (_lock)
        {
            return _runs.GetValueOrDefault(runId);
        }
    }

    private sealed class OwnedRun(
        string runId, string sessionId, string userId, RunMessage first, AsyncServiceScope scope, RunActor actor, RunLogs.Holder log)
    {
        public string RunId => runId;

        public string SessionId => sessionId;

        public string UserId => userId;

        public AsyncServiceScope Scope => scope;

        public RunActor Actor => actor;

        public RunLogs.Holder Log => log;

        public Task Released { get; set; } = Task.CompletedTask;

        /// <summary>What sets the run going when its turn comes.</summary>
        public RunMessage First => first;

        /// <summary>True while the run waits for its turn. Guarded by the registry's lock.</summary>
        public bool Waits { get; set; } = true;
    }
}
