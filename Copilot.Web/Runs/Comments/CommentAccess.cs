using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs.Comments;

/// <summary>Who may see a run, and so its comments.</summary>
internal sealed class CommentAccess(IRunAccess access)
{
    /// <summary>Most people who are offered.</summary>
    public const int MaxPeople = 500;

    /// <summary>A run that a person may see; null for one that is not there for them.</summary>
    public async Task<CommentedRun?> FindAsync(CopilotDbContext db, string userId, string runId, CancellationToken cancellationToken)
    {
        var run = await db.Runs.AsNoTracking().Where(row => row.Id == runId)
            .Select(row => new CommentedRun(
                row.Id, row.SessionId, row.UserId, row.TeamId, row.HeadSeq, row.ForgottenAt != null || db.Sessions.Any(one => one.Id == row.SessionId && one.DeletedAt != null)))
            .SingleOrDefaultAsync(cancellationToken);
        return run is not null && await access.TryAcquireAsync(userId, new RunOwner(run.UserId, run.TeamId), RunAction.View, cancellationToken) is { } lease
            ? run with { Role = lease.Actor.Role }
            : null;
    }

    /// <summary>Everybody who may see a run, by name.</summary>
    public static async Task<IReadOnlyList<CommentPerson>> PeopleAsync(CopilotDbContext db, CommentedRun run, CancellationToken cancellationToken)
    {
        var roles = db.UserRoles.Join(db.Roles, link => link.RoleId, role => role.Id, (link, role) => new { link.UserId, role.Name });
        var people = await db.Users.AsNoTracking()
            .Where(user => user.Id == run.UserId
                || roles.Any(role => role.UserId == user.Id && (role.Name == Roles.Admin || (role.Name == Roles.Supervisor && user.TeamId == run.TeamId))))
            .Select(user => new { user.Id, user.DisplayName, user.LockoutEnd })
            .ToListAsync(cancellationToken);
        return
        [
            .. people.Where(person => !(person.LockoutEnd >= PersonStore.Locked))
                .OrderBy(person => person.DisplayName, StringComparer.OrdinalIgnoreCase)
                .Take(MaxPeople)
                .Select(person => new CommentPerson(person.Id, person.DisplayName)),
        ];
    }
}
