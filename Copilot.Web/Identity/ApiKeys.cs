using System.Security.Cryptography;
using System.Text;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity;

/// <summary>An API key as lists show it; the key itself is never stored.</summary>
/// <param name="Id">Key id (<c>key_…</c>).</param>
/// <param name="Name">The name given by its owner.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="LastUsedAt">When it was used last, to the minute; null if never.</param>
internal sealed record ApiKeyInfo(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>A new key. This is the only time its text is available.</summary>
internal sealed record NewApiKey(string Id, string Key);

/// <summary>The owner of a key, as the caller.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="User">Its owner, as the store has them now.</param>
internal sealed record ApiCaller(string KeyId, Person User);

/// <summary>
/// Keys of the HTTP API: 256 random bits, of which only the SHA-256 is stored (a slow hash would add nothing to that much randomness). A
/// key acts for its owner and stops working as soon as the owner is locked or deleted.
/// </summary>
internal sealed partial class ApiKeys(
    IDbContextFactory<CopilotDbContext> contexts,
    PersonStore people,
    AccessChanges changes,
    TimeProvider time,
    ILogger<ApiKeys> logger)
{
    /// <summary>What every key begins with, so that scanners for leaked secrets can find one.</summary>
    public const string Prefix = "cpk_";

    private const int MaxNameLength = 100;

    private static readonly TimeSpan s_lastUsedPrecision = TimeSpan.FromMinutes(1);

    /// <summary>Creates a key for a person.</summary>
    public async Task<NewApiKey> CreateAsync(string userId, string name, CancellationToken cancellationToken)
    {
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var row = new ApiKeyRow
        {
            Id = RunIds.New("key_", time),
            UserId = userId,
            Name = name.Length <= MaxNameLength ? name : name[..MaxNameLength],
            KeyHash = Hash(key),
            CreatedAt = UnixMicroseconds.From(time.GetUtcNow()),
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ApiKeys.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return new NewApiKey(row.Id, key);
    }

    /// <summary>A person's keys that still work, newest first.</summary>
    public async Task<IReadOnlyList<ApiKeyInfo>> ListAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.ApiKeys.AsNoTracking()
            .Where(key => key.UserId == userId && key.RevokedAt == null)
            .OrderByDescending(key => key.CreatedAt)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new ApiKeyInfo(row.Id, row.Name, UnixMicroseconds.ToTime(row.CreatedAt), row.LastUsedAt is { } at ? UnixMicroseconds.ToTime(at) : null))];
    }

    /// <summary>Ends a key of this person and every stream that was opened with it. False when they have no such key.</summary>
    public async Task<bool> RevokeAsync(string userId, string keyId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.ApiKeys.SingleOrDefaultAsync(
            key => key.Id == keyId && key.UserId == userId && key.RevokedAt == null, cancellationToken);
        if (row is null)
        {
            return false;
        }

        row.RevokedAt = UnixMicroseconds.From(time.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        await changes.RevokeAsync(keyId);
        return true;
    }

    /// <summary>The key's owner, or null for an invalid key.</summary>
    public async Task<ApiCaller?> AuthenticateAsync(string key, CancellationToken cancellationToken)
    {
        var hash = Hash(key);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.ApiKeys.SingleOrDefaultAsync(candidate => candidate.KeyHash == hash, cancellationToken);
        if (row is not { RevokedAt: null } || !CryptographicOperations.FixedTimeEquals(row.KeyHash, hash))
        {
            return null;
        }

        var person = await people.FindAsync(row.UserId, cancellationToken);
        if (person is not { IsLocked: false })
        {
            return null;
        }

        await RecordUseAsync(db, row, cancellationToken);
        return new ApiCaller(row.Id, person);
    }

    /// <summary>The stored hash of a key.</summary>
    internal static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private async Task RecordUseAsync(CopilotDbContext db, ApiKeyRow row, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (row.LastUsedAt is { } last && now - UnixMicroseconds.ToTime(last) < s_lastUsedPrecision)
        {
            return;
        }

        row.LastUsedAt = UnixMicroseconds.From(now);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception)
        {
            // Reading must work while nothing can be written, and a key may be deleted with its owner at this moment.
            LogUseNotRecorded(logger, row.Id, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The last use of API key {KeyId} could not be recorded")]
    private static partial void LogUseNotRecorded(ILogger logger, string keyId, Exception exception);
}
