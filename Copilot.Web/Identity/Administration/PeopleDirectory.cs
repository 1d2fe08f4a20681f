using System.Linq.Expressions;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity.Administration;

/// <summary>The people, as admins and commands see them.</summary>
internal sealed class PeopleDirectory(IDbContextFactory<CopilotDbContext> contexts, PersonStore persons, SignIns signIns, TimeProvider time)
{
    /// <summary>Everybody, by name. Null when the reader is no admin.</summary>
    public async Task<IReadOnlyList<PersonRow>?> ListAsync(ChangedBy reader, CancellationToken cancellationToken) =>
        await persons.IsAdminAsync(reader, cancellationToken) ? await ReadAsync(_ => true, cancellationToken) : null;

    /// <summary>One person by id. Null when there is none, or the reader is no admin.</summary>
    public async Task<PersonRow?> FindAsync(ChangedBy reader, string userId, CancellationToken cancellationToken) =>
        await persons.IsAdminAsync(reader, cancellationToken)
            ? (await ReadAsync(user => user.Id == userId, cancellationToken)).SingleOrDefault()
            : null;

    /// <summary>One person by user name or id, in whatever case the name is written. Null when there is none, or the reader is no admin.</summary>
    public async Task<PersonRow?> FindByNameAsync(ChangedBy reader, string nameOrId, CancellationToken cancellationToken)
    {
        var normalized = nameOrId.Trim().ToUpperInvariant();
        return await persons.IsAdminAsync(reader, cancellationToken)
            && await ReadAsync(user => user.NormalizedUserName == normalized || user.Id == nameOrId, cancellationToken) is [var found, ..]
                ? found
                : null;
    }

    /// <summary>A person's sign-ins that are open now. Null when the reader is no admin.</summary>
    public async Task<IReadOnlyList<SignInInfo>?> SignInsAsync(ChangedBy reader, string userId, CancellationToken cancellationToken) =>
        await persons.IsAdminAsync(reader, cancellationToken) ? await signIns.ListAsync(userId, cancellationToken) : null;

    private async Task<IReadOnlyList<PersonRow>> ReadAsync(Expression<Func<CopilotUser, bool>> filter, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var open = signIns.Open(db.SignIns);
        var rows = await db.Users.AsNoTracking()
            .Where(filter)
            .Select(user => new
            {
                user.Id,
                user.UserName,
                user.DisplayName,
                user.LockoutEnd,
                LastSignInAt = db.SignIns.Where(signIn => signIn.UserId == user.Id).Max(signIn => (long?)signIn.CreatedAt),
                OpenSignIns = open.Count(signIn => signIn.UserId == user.Id),
                Team = db.Teams.Where(team => team.Id == user.TeamId).Select(team => team.Name).FirstOrDefault(),
                Roles = db.UserRoles
                    .Where(link => link.UserId == user.Id)
                    .Join(db.Roles, link => link.RoleId, role => role.Id, (_, role) => role.Name!)
                    .ToList(),
            })
            .ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        return
        [
            .. rows
                .Select(row => new PersonRow(
                    row.Id,
                    row.UserName!,
                    row.DisplayName,
                    Person.HighestRole(row.Roles),
                    row.Team ?? "",
                    row.LockoutEnd >= PersonStore.Locked ? PersonState.Locked : row.LockoutEnd > now ? PersonState.LockedOut : PersonState.Active,
                    row.LastSignInAt is { } at ? UnixMicroseconds.ToTime(at) : null,
                    row.OpenSignIns))
                .OrderBy(row => row.Name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(row => row.UserName, StringComparer.Ordinal),
        ];
    }
}
