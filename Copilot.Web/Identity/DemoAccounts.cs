using Copilot.Web.Options;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Identity;

/// <summary>An account of demo mode.</summary>
/// <param name="UserName">Its name: role and number.</param>
/// <param name="DisplayName">The name others see.</param>
/// <param name="Role">Its role.</param>
internal sealed record DemoAccount(string UserName, string DisplayName, string Role)
{
    /// <summary>Its user id, the same in every database.</summary>
    public string UserId => DemoAccounts.IdPrefix + UserName;
}

/// <summary>
/// The demo accounts and the demo key, created at start-up in demo mode. They have no passwords: only the demo sign-in opens them.
/// Outside demo mode they are locked and the key is removed, so that a cookie from a demo is useless there.
/// </summary>
internal sealed class DemoAccounts(
    IOptions<DemoOptions> options,
    IDbContextFactory<CopilotDbContext> contexts,
    People people,
    PersonStore persons,
    AccessChanges changes,
    TimeProvider time) : IHostedService
{
    internal const string IdPrefix = "usr_demo_";

    /// <summary>Id of the demo key.</summary>
    internal const string KeyId = "key_demo";

    /// <summary>All accounts, the first of each role before the others.</summary>
    public static IReadOnlyList<DemoAccount> All { get; } =
    [
        new("staff1", "Staff 1", Roles.Staff),
        new("supervisor1", "Supervisor 1", Roles.Supervisor),
        new("admin1", "Admin 1", Roles.Admin),
        new("staff2", "Staff 2", Roles.Staff),
        new("supervisor2", "Supervisor 2", Roles.Supervisor),
    ];

    /// <summary>The first account of each role: the three buttons.</summary>
    public static IReadOnlyList<DemoAccount> First { get; } = [.. All.DistinctBy(account => account.Role)];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var account in All)
        {
            await EnsureAccountAsync(account, cancellationToken);
        }

        await EnsureKeyAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EnsureAccountAsync(DemoAccount account, CancellationToken cancellationToken)
    {
        var person = await persons.FindAsync(account.UserId, cancellationToken);
        var change = (person, options.Value.Enabled) switch
        {
            (null, true) => (await people.CreateAsync(
                account.UserId,
                new NewPerson(
                    account.UserName,
                    account.DisplayName,
                    await persons.FirstTeamAsync(cancellationToken),
                    [account.Role],
                    Password: null),
                cancellationToken)).Change,
            ({ IsLocked: true }, true) => await people.UnlockAsync(account.UserId, cancellationToken),
            ({ IsLocked: false }, false) => await people.LockAsync(account.UserId, cancellationToken),
            _ => PersonChange.Done,
        };
        if (!change.Succeeded)
        {
            throw new StartRefusedException(
                [$"The demo account {account.UserName} cannot be made: {string.Join(" ", change.Problems)} Start with Demo__Enabled=false, or with another database (ConnectionStrings__Copilot)."]);
        }
    }

    private async Task EnsureKeyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.ApiKeys.SingleOrDefaultAsync(key => key.Id == KeyId, cancellationToken);
        var hash = ApiKeys.Hash(options.Value.ApiKey);
        if (row is { RevokedAt: null } && options.Value.Enabled && row.KeyHash.AsSpan().SequenceEqual(hash))
        {
            return;
        }

        if (row is not null)
        {
            db.ApiKeys.Remove(row);
            await db.SaveChangesAsync(cancellationToken);
            await changes.RevokeAsync(KeyId);
        }

        if (options.Value.Enabled)
        {
            db.ApiKeys.Add(new ApiKeyRow
            {
                Id = KeyId,
                UserId = First[0].UserId,
                Name = "Demo",
                KeyHash = hash,
                CreatedAt = UnixMicroseconds.From(time.GetUtcNow()),
            });
            await db.SaveChangesAsync(cancellationToken);
        }
    }
}
