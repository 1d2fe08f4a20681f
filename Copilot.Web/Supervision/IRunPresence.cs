using System.Collections.Immutable;
using Copilot.Web.Supervision.Claims;

namespace Copilot.Web.Supervision;

/// <summary>Who looks at which run now, and who takes care of it. Of this process; reading it costs no look at the database.</summary>
public interface IRunPresence
{
    /// <summary>Grows with each change.</summary>
    long Version { get; }

    /// <summary>Completes at the next change. Take it before reading.</summary>
    Task Changed { get; }

    /// <summary>Begins to look at a run. Dispose what is returned, once, when the page is left or its circuit ends. Both are kept.</summary>
    IDisposable Join(string runId, RunWatcher who);

    /// <summary>Who looks at a run, each person once, the one who came first first. The same array while nothing changed.</summary>
    ImmutableArray<RunWatcher> WatchersOf(string runId);

    /// <summary>Who takes care of a run, or null.</summary>
    RunClaim? ClaimOf(string runId);

    /// <summary>Shows who takes care of a run, or that nobody does. <see cref="RunClaims"/> alone says so, after its commit.</summary>
    void ShowClaim(string runId, RunClaim? claim);
}
