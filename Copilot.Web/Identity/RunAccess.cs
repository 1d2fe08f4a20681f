using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Identity;

/// <summary>The access rule, with the roles and team stored at the time of each call.</summary>
internal sealed class RunAccess(PersonStore people, AccessChanges changes) : IRunAccess
{
    public async Task<AccessLease?> TryAcquireAsync(
        string userId, RunOwner owner, RunAction action, CancellationToken cancellationToken)
    {
        // Taken before the store is read: a change that is committed in between cancels it.
        var revoked = changes.TokenFor(userId);
        var person = await people.FindAsync(userId, cancellationToken);
        return person is { IsLocked: false, Role: { } role } && Allows(person, role, owner, action)
            ? new AccessLease(new EventActor(userId, role), revoked)
            : null;
    }

    private static bool Allows(Person person, string role, RunOwner owner, RunAction action) =>
        person.Id == owner.UserId
        || role == Roles.Admin
        || (role == Roles.Supervisor && person.TeamId == owner.TeamId && (action is RunAction.View or RunAction.Control));
}
