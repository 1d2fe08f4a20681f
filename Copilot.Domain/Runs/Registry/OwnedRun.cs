using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Domain.Runs.Registry;

/// <summary>A run that this process owns, with the scope it lives in.</summary>
internal sealed class OwnedRun(
    string runId, string sessionId, string userId, RunMessage first, AsyncServiceScope scope, RunActor actor, RunLogs.Holder log)
{
    public string RunId => runId;

    public string SessionId => sessionId;

    public string UserId => userId;

    public AsyncServiceScope Scope => scope;

    public RunActor Actor => actor;

    public RunLogs.Holder Log => log;

    /// <summary>Completes when the run has ended and was let go.</summary>
    public Task Released { get; set; } = Task.CompletedTask;

    /// <summary>What sets the run going when its turn comes.</summary>
    public RunMessage First => first;

    /// <summary>True while the run waits for its turn. Guarded by the table's lock.</summary>
    public bool Waits { get; set; } = true;
}
