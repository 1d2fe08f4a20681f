using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Domain.Runs.Registry;

/// <summary>A run that this process owns, with the scope it lives in.</summary>
internal sealed class OwnedRun(
    string runId, string sessionId, RunMessage first, RunPlace? place, AsyncServiceScope scope, RunActor actor, RunLogs.Holder log)
{
    private volatile bool _isLaunched;

    public string RunId => runId;

    public string SessionId => sessionId;

    public AsyncServiceScope Scope => scope;

    public RunActor Actor => actor;

    public RunLogs.Holder Log => log;

    /// <summary>Its place; null for one that is only taken up to be ended.</summary>
    public RunPlace? Place => place;

    /// <summary>True once its loop was started: before that it can be asked for nothing. Until then its session's turn is taken.</summary>
    public bool IsLaunched => _isLaunched;

    /// <summary>Completes when the run has ended and was let go. Never faults.</summary>
    public Task Released { get; set; } = Task.CompletedTask;

    /// <summary>What sets the run going when its turn comes.</summary>
    public RunMessage First => first;

    /// <summary>Which was owned first: the order of a session's queue. Guarded by the table's lock.</summary>
    public long Order { get; set; }

    /// <summary>True while the run waits for its turn. Guarded by the table's lock.</summary>
    public bool Waits { get; set; } = true;

    /// <summary>Its loop was started.</summary>
    public void MarkLaunched() => _isLaunched = true;
}
