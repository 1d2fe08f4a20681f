using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs;

/// <summary>
/// The one rule of who may do what: staff their own, supervisors their team's (view and control only), admins all. Roles are read
/// from the store on every call, never from claims.
/// </summary>
public interface IRunAccess
{
    /// <summary>
    /// A lease for the action, or null when it is not allowed or there is no such run: callers answer both alike (404).
    /// Dispose it when done.
    /// </summary>
    Task<AccessLease?> TryAcquireAsync(string userId, RunOwner owner, RunAction action, CancellationToken cancellationToken);
}
