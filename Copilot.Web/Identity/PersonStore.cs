using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity;

/// <summary>Reads people. Every permission check starts here, never with the claims of a cookie.</summary>
internal sealed class PersonStore(IDbContextFactory<CopilotDbContext> contexts)
{
    /// <summary>
    /// The end of a lock that an admin has set. A lock-out after failed passwords ends earlier and only closes the sign-in:
    /// guessing passwords must not interrupt the owner's work.
    /// </summary>
    public static readonly DateTimeOffset Locked = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The person with this id, or null.</summary>
    public async Task<Person?> FindAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Users.AsNoTracking()
            .Where(user => user.Id == userId)
            .Select(user => new
            {
                user.UserName,
                user.DisplayName,
                user.TeamId,
                user.LockoutEnd,
                user.SecurityStamp,
                user.TimeZone,
                Roles = db.UserRoles
                    .Where(link => link.UserId == user.Id)
                    .Join(db.Roles, link => link.RoleId, role => role.Id, (_, role) => role.Name!)
                    .ToList(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return row is null
            ? null
            : new Person(
                userId,
                row.UserName!,
                row.DisplayName,
                row.TeamId,
                row.Roles,
                row.LockoutEnd >= Locked,
                row.SecurityStamp ?? "",
                row.TimeZone);
    }

    /// <summary>Whether an admin exists who can sign in with a password.</summary>
    public async Task<bool> HasAdminAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.UserRoles
            .Join(db.Roles, link => link.RoleId, role => role.Id, (link, role) => new { link.UserId, role.Name })
            .Where(link => link.Name == Roles.Admin)
            .Join(db.Users, link => link.UserId, user => user.Id, (_, user) => user.PasswordHash)
            .AnyAsync(hash => hash != null, cancellationToken);
    }

    /// <summary>Id of the oldest team: where the first people belong.</summary>
    public async Task<string> FirstTeamAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Teams.OrderBy(team => team.Id).Select(team => team.Id).FirstAsync(cancellationToken);
    }
}
