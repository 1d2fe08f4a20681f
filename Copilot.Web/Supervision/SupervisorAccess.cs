using Copilot.Web.Identity;

namespace Copilot.Web.Supervision;

/// <summary>Who may look at all runs: supervisors at those of their team, admins at all. Roles are read from the store at each call.</summary>
internal sealed class SupervisorAccess(PersonStore people, AccessChanges changes)
{
    /// <summary>What a person may see, or null when they supervise nothing.</summary>
    public async Task<SupervisorScope?> FindAsync(string userId, CancellationToken cancellationToken)
    {
        // Taken before the store is read: a change that is committed in between cancels it.
        var revoked = changes.TokenFor(userId);
        return await people.FindAsync(userId, cancellationToken) is { IsLocked: false, Role: Roles.Supervisor or Roles.Admin } person
            ? new SupervisorScope(userId, person.DisplayName, person.Role, person.Role == Roles.Admin ? null : person.TeamId, revoked)
            : null;
    }
}
