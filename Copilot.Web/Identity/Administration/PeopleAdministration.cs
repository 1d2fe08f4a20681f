using Copilot.Web.Identity.Passwords;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity.Administration;

/// <summary>
/// What admins and commands do to people. The right is checked at every call. Each change is committed together with its line in the
/// audit, and ends the person's leases, pages and requests. There is always an admin left who can sign in.
/// </summary>
internal sealed class PeopleAdministration(
    IDbContextFactory<CopilotDbContext> contexts,
    PersonStore persons,
    People people,
    Teams teams,
    PeopleAudit audit,
    AccessChanges changes,
    TimeProvider time)
{
    private static readonly PersonChange s_denied = new([AdministrationText.AdminsOnly]);
    private static readonly PersonChange s_lastAdmin = new([AdministrationText.LastAdmin]);

    /// <summary>Creates a person who can sign in with a password.</summary>
    /// <returns>The id, or null with the problems.</returns>
    public async Task<(string? UserId, PersonChange Change)> CreateAsync(
        ChangedBy by, string userName, string name, string role, string team, string password, CancellationToken cancellationToken)
    {
        if (!await persons.IsAdminAsync(by, cancellationToken))
        {
            return (null, s_denied);
        }

        if (PasswordSignIn.Problem(userName.Trim(), password) is { } problem)
        {
            return (null, new PersonChange([problem]));
        }

        if (VisibleName.Clean(name) is not { } clean)
        {
            return (null, NameProblem);
        }

        if (FindRole(role) is not { } known)
        {
            return (null, RoleProblem);
        }

        if (await teams.FindAsync(team, cancellationToken) is not { } found)
        {
            return (null, TeamProblem);
        }

        return await people.CreateAsync(
            new NewPerson(userName, clean, found.Id, [known], password),
            (db, user) =>
            {
                audit.Add(db, by, AuditAction.Created, user.Id, clean, after: known);
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    /// <summary>Gives a person one role in place of those they have.</summary>
    public async Task<PersonChange> SetRoleAsync(ChangedBy by, string userId, string role, CancellationToken cancellationToken)
    {
        if (FindRole(role) is not { } wanted)
        {
            return RoleProblem;
        }

        return await ChangeAsync(
            by,
            userId,
            async (db, user) =>
            {
                var before = await RolesAsync(db, userId, cancellationToken);
                if (before is [var only] && only == wanted)
                {
                    return PersonChange.Unchanged;
                }

                if (wanted != Roles.Admin && await IsLastAdminAsync(db, userId, cancellationToken))
                {
                    return s_lastAdmin;
                }

                await People.ReplaceRolesAsync(db, user, [wanted], cancellationToken);
                audit.Add(db, by, AuditAction.RoleChanged, userId, user.DisplayName, before: string.Join(", ", before), after: wanted);
                return PersonChange.Done;
            },
            cancellationToken);
    }

    /// <summary>Moves a person to a team, which is made when there is none with this name. Their runs stay with the team they were created in.</summary>
    public Task<PersonChange> SetTeamAsync(ChangedBy by, string userId, string team, CancellationToken cancellationToken) =>
        ChangeAsync(
            by,
            userId,
            async (db, user) =>
            {
                if (await teams.FindOrAddAsync(db, team, cancellationToken) is not { } row)
                {
                    return NameProblem;
                }

                if (row.Id == user.TeamId)
                {
                    return PersonChange.Unchanged;
                }

                var before = await db.Teams.Where(one => one.Id == user.TeamId).Select(one => one.Name).FirstOrDefaultAsync(cancellationToken);
                user.TeamId = row.Id;
                audit.Add(db, by, AuditAction.TeamChanged, userId, user.DisplayName, before: before, after: row.Name);
                return PersonChange.Done;
            },
            cancellationToken);

    /// <summary>Locks a person: their pages, requests and streams end and they cannot sign in.</summary>
    public Task<PersonChange> LockAsync(ChangedBy by, string userId, CancellationToken cancellationToken) =>
        ChangeAsync(
            by,
            userId,
            async (db, user) =>
            {
                if (user.LockoutEnd >= PersonStore.Locked)
                {
                    return PersonChange.Unchanged;
                }

                if (await IsLastAdminAsync(db, userId, cancellationToken))
                {
                    return s_lastAdmin;
                }

                People.Lock(user);
                audit.Add(db, by, AuditAction.Locked, userId, user.DisplayName);
                return PersonChange.Done;
            },
            cancellationToken);

    /// <summary>Lets a person sign in again, also after wrong passwords.</summary>
    public Task<PersonChange> UnlockAsync(ChangedBy by, string userId, CancellationToken cancellationToken) =>
        ChangeAsync(
            by,
            userId,
            (db, user) =>
            {
                if (user is { LockoutEnd: null, AccessFailedCount: 0 })
                {
                    return Task.FromResult(PersonChange.Unchanged);
                }

                People.Unlock(user);
                audit.Add(db, by, AuditAction.Unlocked, userId, user.DisplayName);
                return Task.FromResult(PersonChange.Done);
            },
            cancellationToken);

    /// <summary>Gives a person another password and ends every sign-in that was made with the old one.</summary>
    public async Task<PersonChange> SetPasswordAsync(ChangedBy by, string userId, string password, CancellationToken cancellationToken)
    {
        if (!await persons.IsAdminAsync(by, cancellationToken))
        {
            return s_denied;
        }

        return password.Length > PasswordSignIn.MaxLength
            ? new PersonChange([AccountText.TooLong(PasswordSignIn.MaxLength)])
            : await people.SetPasswordAsync(
                userId,
                by.UserId,
                password,
                (db, user) => audit.Add(db, by, AuditAction.PasswordSet, userId, user.DisplayName),
                cancellationToken);
    }

    /// <summary>Deletes a person with their sign-ins and API keys. Their conversations, runs and files stay, and so does the audit.</summary>
    public Task<PersonChange> DeleteAsync(ChangedBy by, string userId, CancellationToken cancellationToken) =>
        ChangeAsync(
            by,
            userId,
            async (db, user) =>
            {
                if (await IsLastAdminAsync(db, userId, cancellationToken))
                {
                    return s_lastAdmin;
                }

                db.Users.Remove(user);
                audit.Add(db, by, AuditAction.Deleted, userId, user.DisplayName, before: user.UserName);
                return PersonChange.Done;
            },
            cancellationToken);

    /// <summary>Ends every sign-in of a person, wherever it is.</summary>
    public Task<PersonChange> SignOutEverywhereAsync(ChangedBy by, string userId, CancellationToken cancellationToken) =>
        ChangeAsync(
            by,
            userId,
            (db, user) =>
            {
                audit.Add(db, by, AuditAction.SignedOut, userId, user.DisplayName);
                return Task.FromResult(PersonChange.Done);
            },
            cancellationToken);

    /// <summary>Ends one sign-in of a person with the pages that were opened with it; the others stay.</summary>
    public async Task<PersonChange> EndSignInAsync(ChangedBy by, string userId, string signInId, CancellationToken cancellationToken)
    {
        if (!await persons.IsAdminAsync(by, cancellationToken))
        {
            return s_denied;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var result = await db.WriteAsync(
            async token =>
            {
                if (await db.SignIns.SingleOrDefaultAsync(row => row.Id == signInId && row.UserId == userId && row.EndedAt == null, token) is not { } row
                    || await db.Users.SingleOrDefaultAsync(user => user.Id == userId, token) is not { } user)
                {
                    return new PersonChange([AdministrationText.NoSuchSignIn]);
                }

                (row.EndedAt, row.EndedBy) = (UnixMicroseconds.From(time.GetUtcNow()), by.UserId);
                audit.Add(db, by, AuditAction.SignInEnded, userId, user.DisplayName, signInId, before: row.Address);
                await db.SaveChangesAsync(token);
                return PersonChange.Done;
            },
            cancellationToken);
        if (result.Succeeded)
        {
            await changes.RevokeAsync(signInId);
        }

        return result;
    }

    /// <summary>The role with this name, in whatever case it is written.</summary>
    internal static string? FindRole(string role) =>
        ((string[])[Roles.Staff, Roles.Supervisor, Roles.Admin]).FirstOrDefault(one => one.Equals(role, StringComparison.OrdinalIgnoreCase));

    private static PersonChange NameProblem => new([AdministrationText.NameInvalid(VisibleName.MaxLength)]);

    private static PersonChange RoleProblem => new([AdministrationText.RoleUnknown]);

    private static PersonChange TeamProblem => new([AdministrationText.TeamUnknown]);

    private async Task<PersonChange> ChangeAsync(
        ChangedBy by, string userId, Func<CopilotDbContext, CopilotUser, Task<PersonChange>> change, CancellationToken cancellationToken) =>
        await persons.IsAdminAsync(by, cancellationToken) ? await people.ChangeAsync(userId, by.UserId, change, cancellationToken) : s_denied;

    private static Task<List<string>> RolesAsync(CopilotDbContext db, string userId, CancellationToken cancellationToken) =>
        db.UserRoles
            .Where(link => link.UserId == userId)
            .Join(db.Roles, link => link.RoleId, role => role.Id, (_, role) => role.Name!)
            .ToListAsync(cancellationToken);

    // True when this person is an admin who can sign in, and nobody else is.
    private static async Task<bool> IsLastAdminAsync(CopilotDbContext db, string userId, CancellationToken cancellationToken)
    {
        var admins = await db.UserRoles
            .Join(db.Roles, link => link.RoleId, role => role.Id, (link, role) => new { link.UserId, role.Name })
            .Where(link => link.Name == Roles.Admin)
            .Join(db.Users, link => link.UserId, user => user.Id, (_, user) => new { user.Id, user.LockoutEnd })
            .ToListAsync(cancellationToken);
        var open = admins.Where(admin => !(admin.LockoutEnd >= PersonStore.Locked)).Select(admin => admin.Id).ToList();
        return open is [var last] && last == userId;
    }
}
