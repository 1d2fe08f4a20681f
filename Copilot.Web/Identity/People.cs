using Copilot.Domain.Runs.Events;
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
    TimeProvider time)
{
    private const int MaxConflicts = 5;

    /// <summary>Creates a person with a new id.</summary>
    /// <returns>The id, or null with the problems.</returns>
    public Task<(string? UserId, PersonChange Change)> CreateAsync(NewPerson person, CancellationToken cancellationToken) =>
        CreateAsync(RunIds.New("usr_", time), person, cancellationToken);

    /// <summary>Creates a person with a known id.</summary>
    internal async Task<(string? UserId, PersonChange Change)> CreateAsync(
        string userId, NewPerson person, CancellationToken cancellationToken)
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
        var result = person.Password is null
            ? await manager.CreateAsync(user)
            : await manager.CreateAsync(user, person.Password);
        return result.Succeeded ? (user.Id, PersonChange.Done) : (null, Problems(result));
    }

    /// <summary>Gives a person exactly these roles.</summary>
    public Task<PersonChange> SetRolesAsync(string userId, IReadOnlyList<string> roles, CancellationToken cancellationToken) =>
        ChangeAsync(
            userId,
            async (db, user) =>
            {
                var wanted = await RoleIdsAsync(db, roles, cancellationToken);
                var current = await db.UserRoles.Where(link => link.UserId == user.Id).ToListAsync(cancellationToken);
                db.UserRoles.RemoveRange(current.Where(link => !wanted.Contains(link.RoleId)));
                db.UserRoles.AddRange(wanted
                    .Except(current.Select(link => link.RoleId))
                    .Select(roleId => new IdentityUserRole<string> { UserId = user.Id, RoleId = roleId }));
            },
            cancellationToken);

    /// <summary>Moves a person to another team. Their runs stay with the team they were created in.</summary>
    public Task<PersonChange> MoveToTeamAsync(string userId, string teamId, CancellationToken cancellationToken) =>
        ChangeAsync(userId, (_, user) => Task.FromResult(user.TeamId = teamId), cancellationToken);

    /// <summary>Locks an account until it is unlocked.</summary>
    public Task<PersonChange> LockAsync(string userId, CancellationToken cancellationToken) =>
        ChangeAsync(
            userId,
            (_, user) =>
            {
                user.LockoutEnabled = true;
                user.LockoutEnd = PersonStore.Locked;
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>Unlocks an account, also after failed passwords.</summary>
    public Task<PersonChange> UnlockAsync(string userId, CancellationToken cancellationToken) =>
        ChangeAsync(
            userId,
            (_, user) =>
            {
                user.LockoutEnd = null;
                user.AccessFailedCount = 0;
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>Sets a new password; every sign-in made with the old one ends.</summary>
    public async Task<PersonChange> SetPasswordAsync(string userId, string password, CancellationToken cancellationToken)
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
        return await ChangeAsync(userId, (_, row) => Task.FromResult(row.PasswordHash = hash), cancellationToken);
    }

    /// <summary>Deletes a person with their API keys. Their sessions and runs stay, as the record of what was done.</summary>
    public Task<PersonChange> DeleteAsync(string userId, CancellationToken cancellationToken) =>
        ChangeAsync(userId, (db, user) => Task.FromResult(db.Users.Remove(user)), cancellationToken);

    private async Task<PersonChange> ChangeAsync(
        string userId, Func<CopilotDbContext, CopilotUser, Task> change, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await db.Users.SingleOrDefaultAsync(user => user.Id == userId, cancellationToken) is not { } user)
            {
                return PersonChange.NotFound;
            }

            user.SecurityStamp = Guid.NewGuid().ToString("n");
            user.ConcurrencyStamp = Guid.NewGuid().ToString("n");
            await change(db, user);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateConcurrencyException) when (conflicts < MaxConflicts)
            {
                // A sign-in counted a failure in between. Locking must not lose against a password guesser.
                continue;
            }

            await changes.RevokeAsync(userId);
            return PersonChange.Done;
        }
    }

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
