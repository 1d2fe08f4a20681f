namespace Copilot.Domain.Runs;

/// <summary>What somebody wants to do with a run or its session.</summary>
public enum RunAction
{
    /// <summary>See it, live or later.</summary>
    View,

    /// <summary>Write in its session: send, retry, edit, rate, rename.</summary>
    Write,

    /// <summary>Stop, resume or remove it, or tell it something while it works.</summary>
    Control,

    /// <summary>Forget its session, and see the proof. Not for supervisors: what they watch they may not wipe out.</summary>
    Forget,
}

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

/// <summary>Whose a run or session is.</summary>
/// <param name="UserId">The person.</param>
/// <param name="TeamId">The team it was made in.</param>
public sealed record RunOwner(string UserId, string TeamId);

/// <summary>Permission that lasts until it is revoked: followers and streams stop when <see cref="Revoked"/> fires.</summary>
/// <param name="Actor">The person and role it was given to, as events record it.</param>
/// <param name="Revoked">Cancelled when roles, team, lock or key of the holder change.</param>
public sealed record AccessLease(EventActor Actor, CancellationToken Revoked);
