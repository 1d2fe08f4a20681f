using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity.Passwords;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity;

/// <summary>
/// All changes to people. Identity leaves the security stamp alone when roles or locks change; here each change
/// commits a new stamp in the same transaction and then revokes the person's leases, so cookies, circuits, streams and keys
/// notice at once.
/// </summary>
internal sealed class People(
    IServiceScopeFactory scopes,
    IDbContextFactory<CopilotDbContext> contexts,
    AccessChanges changes,
    WrongPasswords wrong,
    TimeProvider time)
{
    /// <summary>Creates a person with a new id.</summary>
    /// <returns>The id, or null with the problems.</returns>
    public Task<(string? UserId, PersonChange Change)> CreateAsync(NewPerson person, CancellationToken cancellationToken) =>
        CreateAsync(person, static (_, _) => Task.CompletedTask, cancellationToken);

    /// <summary>Creates a person with a new id, and in the same transaction what belongs to that.</summary>
    /// <param name="person">The person.</param>
    /// <param name="also">Changes the context that will be saved.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    /// <returns>The id, or null with the problems.</returns>
    internal Task<(string? UserId, PersonChange Change)> CreateAsync(
        NewPerson person, Func<CopilotDbContext, CopilotUser, Task> also, CancellationToken cancellationToken) =>
        CreateAsync(RunIds.New("usr_", time), person, also, cancellationToken);

    /// <summary>Creates a person with a known id.</summary>
    internal Task<(string? UserId, PersonChange Change)> CreateAsync(
        string userId, NewPerson person, CancellationToken cancellationToken) =>
        CreateAsync(userId, person, static (_, _) => Task.CompletedTask, cancellationToken);

    private async Task<(string? UserId, PersonChange Change)> CreateAsync(
        string userId, NewPerson person, Func<CopilotDbContext, CopilotUser, Task> also, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CopilotDbContext>();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<CopilotUser>>();
        var user = new CopilotUser
        {
            Id = userId,
            UserName = person.UserName.Trim(),
            DisplayName = person.DisplayName.Trim(),
            TeamId = person.TeamId,
        };
        // Added before the user is: Identity's own save commits both in one transaction.
        db.UserRoles.AddRange((await RoleIdsAsync(db, person.Roles, cancellationToken))
            .Select(roleId => new IdentityUserRole<string> { UserId = user.Id, RoleId = roleId }));
        await also(db, user);
        var result = person.Password is null
            ? await manager.CreateAsync(user)
            : await manager.CreateAsync(user, person.Password);
        return result.Succeeded ? (user.Id, PersonChange.Done) : (null, Problems(result));
    }

    /// <summary>Gives a person exactly these roles.</summary>
    public Task<PersonChange> SetRolesAsync(string userId, IReadOnlyList<string> roles, CancellationToken cancellationToken) =>
        ChangeAsync(
            userId,
            by: null,
            async (db, user) =>
            {
                await ReplaceRolesAsync(db, user, roles, cancellationToken);
                return PersonChange.Done;
            },
            cancellationToken);

    /// <summary>Moves a person to another team. Their runs stay with the team they were created in.</summary>
    public Task<PersonChange> MoveToTeamAsync(string userId, string teamId, CancellationToken cancellationToken) =>
        ChangeAsync(userId, user => user.TeamId = teamId, cancellationToken);

    /// <summary>Locks an account until it is unlocked.</summary>
    public Task<PersonChange> LockAsync(string userId, CancellationToken cancellationToken) => ChangeAsync(userId, Lock, cancellationToken);

    /// <summary>Unlocks an account, also after failed passwords.</summary>
    public Task<PersonChange> UnlockAsync(string userId, CancellationToken cancellationToken) => ChangeAsync(userId, Unlock, cancellationToken);

    /// <summary>Sets a new password; every sign-in made with the old one ends.</summary>
    public Task<PersonChange> SetPasswordAsync(string userId, string password, CancellationToken cancellationToken) =>
        SetPasswordAsync(userId, by: null, password, static (_, _) => { }, cancellationToken);

    /// <inheritdoc cref="SetPasswordAsync(string, string, CancellationToken)"/>
    /// <param name="userId">The person.</param>
    /// <param name="by">The user id of whoever sets it; null for the program itself and for commands.</param>
    /// <param name="password">The password.</param>
    /// <param name="also">Changes the context that will be saved.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    internal async Task<PersonChange> SetPasswordAsync(
        string userId, string? by, string password, Action<CopilotDbContext, CopilotUser> also, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<CopilotUser>>();
        if (await manager.FindByIdAsync(userId) is not { } user)
        {
            return PersonChange.NotFound;
        }

        foreach (var validator in manager.PasswordValidators)
        {
            var result = await validator.ValidateAsync(manager, user, password);
            if (!result.Succeeded)
            {
                return Problems(result);
            }
        }

        var hash = manager.PasswordHasher.HashPassword(user, password);
        return await ChangeAsync(
            userId,
            by,
            (db, row) =>
            {
                row.PasswordHash = hash;
                also(db, row);
                return Task.FromResult(PersonChange.Done);
            },
            cancellationToken);
    }

    /// <summary>Deletes a person with their API keys. Their sessions and runs stay, as the record of what was done.</summary>
    public Task<PersonChange> DeleteAsync(string userId, CancellationToken cancellationToken) =>
        ChangeAsync(
            userId,
            by: null,
            (db, user) =>
            {
                db.Users.Remove(user);
                return Task.FromResult(PersonChange.Done);
            },
            cancellationToken);

    /// <summary>Locks the account of a row.</summary>
    internal static void Lock(CopilotUser user) => (user.LockoutEnabled, user.LockoutEnd) = (true, PersonStore.Locked);

    /// <summary>Unlocks the account of a row.</summary>
    internal static void Unlock(CopilotUser user) => (user.LockoutEnd, user.AccessFailedCount) = (null, 0);

    /// <summary>Gives the person of a row exactly these roles.</summary>
    internal static async Task ReplaceRolesAsync(
        CopilotDbContext db, CopilotUser user, IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        var wanted = await RoleIdsAsync(db, roles, cancellationToken);
        var current = await db.UserRoles.Where(link => link.UserId == user.Id).ToListAsync(cancellationToken);
        db.UserRoles.RemoveRange(current.Where(link => !wanted.Contains(link.RoleId)));
        db.UserRoles.AddRange(wanted
            .Except(current.Select(link => link.RoleId))
            .Select(roleId => new IdentityUserRole<string> { UserId = user.Id, RoleId = roleId }));
    }

    /// <summary>
    /// Makes a change in one transaction and then ends the person's leases. The person is read inside it, so whatever the change looks
    /// at (who else is an admin) is still so when it is committed, also when another process writes.
    /// </summary>
    /// <param name="userId">The person.</param>
    /// <param name="by">The user id of whoever makes it; null for the program itself and for commands.</param>
    /// <param name="change">Changes the row; what it refuses is not saved.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    internal async Task<PersonChange> ChangeAsync(
        string userId, string? by, Func<CopilotDbContext, CopilotUser, Task<PersonChange>> change, CancellationToken cancellationToken)
    {
        List<SignInRow> ended = [];
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var result = await db.WriteAsync(
            async token =>
            {
                if (await db.Users.SingleOrDefaultAsync(user => user.Id == userId, token) is not { } user)
                {
                    return PersonChange.NotFound;
                }

                var outcome = await change(db, user);
                if (outcome is { Succeeded: true, IsUnchanged: false })
                {
                    user.SecurityStamp = Guid.NewGuid().ToString("n");
                    user.ConcurrencyStamp = Guid.NewGuid().ToString("n");
                    // No cookie has the new stamp, so no sign-in is left.
                    ended = await db.SignIns.Where(row => row.UserId == userId && row.EndedAt == null).ToListAsync(token);
                    foreach (var row in ended)
                    {
                        (row.EndedAt, row.EndedBy) = (UnixMicroseconds.From(time.GetUtcNow()), by);
                    }

                    await db.SaveChangesAsync(token);
                }

                return outcome;
            },
            cancellationToken);
        if (result is { Succeeded: true, IsUnchanged: false })
        {
            wrong.Forget(userId);
            await changes.RevokeAsync(userId);
            foreach (var row in ended)
            {
                await changes.RevokeAsync(row.Id);
            }
        }

        return result;
    }

    private Task<PersonChange> ChangeAsync(string userId, Action<CopilotUser> change, CancellationToken cancellationToken) =>
        ChangeAsync(
            userId,
            by: null,
            (_, user) =>
            {
                change(user);
                return Task.FromResult(PersonChange.Done);
            },
            cancellationToken);

    private static async Task<IReadOnlyList<string>> RoleIdsAsync(
        CopilotDbContext db, IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        var ids = await db.Roles
            .Where(role => roles.Contains(role.Name!))
            .Select(role => role.Id)
            .ToListAsync(cancellationToken);
        return ids.Count == roles.Distinct().Count()
            ? ids
            : throw new ArgumentException($"Unknown role among: {string.Join(", ", roles)}.", nameof(roles));
    }

    private static PersonChange Problems(IdentityResult result) =>
        new([.. result.Errors.Select(error => error.Description)]);
}
