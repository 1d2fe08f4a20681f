using System.Security.Cryptography;
using System.Text;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity;

/// <summary>An API key as lists show it; the key itself is never stored.</summary>
/// <param name="Id">Key id (<c>key_…</c>).</param>
/// <param name="UserId">Its owner.</param>
/// <param name="Name">The name given by its owner.</param>
/// <param name="Scopes">What it may be used for, of <see cref="ApiScopes.All"/>.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">From when on it does not work; null for never.</param>
/// <param name="LastUsedAt">When it was used last, to the minute; null if never.</param>
public sealed record ApiKeyInfo(
    string Id,
    string UserId,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt);

/// <summary>What a new key shall be.</summary>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Scopes">What it may be used for, of <see cref="ApiScopes.All"/>.</param>
/// <param name="ExpiresAt">From when on it does not work; null for never.</param>
internal sealed record ApiKeyRequest(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt);

/// <summary>A new key. This is the only time its text is available.</summary>
internal sealed record NewApiKey(string Id, string Key);

/// <summary>The owner of a key, as the caller.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="User">Its owner, as the store has them now.</param>
/// <param name="Scopes">What the key may be used for.</param>
internal sealed record ApiCaller(string KeyId, Person User, IReadOnlyList<string> Scopes);

/// <summary>
/// Keys of the HTTP API: 256 random bits, of which only the SHA-256 is stored (a slow hash would add nothing to that much randomness). A
/// key acts for its owner, within its scopes, and stops working when it expires and as soon as the owner is locked or deleted.
/// </summary>
internal sealed partial class ApiKeys(
    IDbContextFactory<CopilotDbContext> contexts,
    PersonStore people,
    PeopleAudit audit,
    AccessChanges changes,
    TimeProvider time,
    ILogger<ApiKeys> logger)
{
    /// <summary>What every key begins with, so that scanners for leaked secrets can find one.</summary>
    public const string Prefix = "cpk_";

    /// <summary>How many keys that work a person can have.</summary>
    public const int MaxCount = 50;

    private static readonly TimeSpan s_lastUsedPrecision = TimeSpan.FromMinutes(1);

    /// <summary>Creates a key. People make their own; a command makes one for anybody.</summary>
    /// <returns>The key, or null with the problems.</returns>
    public async Task<(NewApiKey? Key, PersonChange Change)> CreateAsync(
        ChangedBy by, string userId, ApiKeyRequest request, CancellationToken cancellationToken)
    {
        if (await people.FindAsync(userId, cancellationToken) is not { IsLocked: false } owner || (by.UserId is not null && by.UserId != userId))
        {
            return (null, PersonChange.NotFound);
        }

        var now = time.GetUtcNow();
        if (FindProblem(request, now) is { } problem)
        {
            return (null, new PersonChange([problem]));
        }

        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var row = new ApiKeyRow
        {
            Id = RunIds.New("key_", time),
            UserId = userId,
            Name = VisibleName.Clean(request.Name)!,
            KeyHash = Hash(key),
            Scopes = ApiScopes.Format(request.Scopes),
            CreatedAt = UnixMicroseconds.From(now),
            ExpiresAt = request.ExpiresAt is { } expiry ? UnixMicroseconds.From(expiry) : null,
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var isStored = await db.WriteAsync(
            async stop =>
            {
                if (await Working(db, now).CountAsync(other => other.UserId == userId, stop) >= MaxCount)
                {
                    return false;
                }

                db.ApiKeys.Add(row);
                audit.Add(db, by, AuditAction.KeyCreated, userId, owner.DisplayName, row.Id, after: row.Name);
                await db.SaveChangesAsync(stop);
                return true;
            },
            cancellationToken);
        return isStored
            ? (new NewApiKey(row.Id, key), PersonChange.Done)
            : (null, new PersonChange([AdministrationText.TooManyKeys(MaxCount)]));
    }

    /// <summary>A person's keys that still work, newest first. Null when the reader is neither that person nor an admin.</summary>
    public async Task<IReadOnlyList<ApiKeyInfo>?> ListAsync(ChangedBy reader, string userId, CancellationToken cancellationToken) =>
        await MayAsync(reader, userId, cancellationToken)
            ? await ListAsync(keys => keys.Where(key => key.UserId == userId), cancellationToken)
            : null;

    /// <summary>Everybody's keys that still work, newest first. Null when the reader is no admin.</summary>
    public async Task<IReadOnlyList<ApiKeyInfo>?> ListAllAsync(ChangedBy reader, CancellationToken cancellationToken) =>
        await people.IsAdminAsync(reader, cancellationToken) ? await ListAsync(keys => keys, cancellationToken) : null;

    /// <summary>Ends a key and every stream that was opened with it: one's own, or as an admin anybody's.</summary>
    public async Task<PersonChange> RevokeAsync(ChangedBy by, string keyId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var owner = await db.ApiKeys.Where(key => key.Id == keyId).Select(key => key.UserId).SingleOrDefaultAsync(cancellationToken);
        if (owner is null || !await MayAsync(by, owner, cancellationToken))
        {
            return new PersonChange([AdministrationText.NoSuchKey]);
        }

        var result = await db.WriteAsync(
            async stop =>
            {
                if (await db.ApiKeys.SingleOrDefaultAsync(key => key.Id == keyId && key.RevokedAt == null, stop) is not { } row)
                {
                    return new PersonChange([AdministrationText.NoSuchKey]);
                }

                var name = await db.Users.Where(user => user.Id == owner).Select(user => user.DisplayName).FirstOrDefaultAsync(stop);
                row.RevokedAt = UnixMicroseconds.From(time.GetUtcNow());
                audit.Add(db, by, AuditAction.KeyRevoked, owner, name ?? owner, keyId, before: row.Name);
                await db.SaveChangesAsync(stop);
                return PersonChange.Done;
            },
            cancellationToken);
        if (result.Succeeded)
        {
            await changes.RevokeAsync(keyId);
        }

        return result;
    }

    /// <summary>Whether a key still works: it is there, and was neither revoked nor has it expired.</summary>
    public async Task<bool> WorksAsync(string keyId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Working(db, time.GetUtcNow()).AnyAsync(key => key.Id == keyId, cancellationToken);
    }

    /// <summary>The key's owner, or null for an invalid key.</summary>
    public async Task<ApiCaller?> AuthenticateAsync(string key, CancellationToken cancellationToken)
    {
        var hash = Hash(key);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.ApiKeys.SingleOrDefaultAsync(candidate => candidate.KeyHash == hash, cancellationToken);
        if (row is not { RevokedAt: null } || row.ExpiresAt <= UnixMicroseconds.From(time.GetUtcNow()) || !CryptographicOperations.FixedTimeEquals(row.KeyHash, hash))
        {
            return null;
        }

        var person = await people.FindAsync(row.UserId, cancellationToken);
        if (person is not { IsLocked: false })
        {
            return null;
        }

        await RecordUseAsync(db, row, cancellationToken);
        return new ApiCaller(row.Id, person, ApiScopes.Parse(row.Scopes));
    }

    /// <summary>The stored hash of a key.</summary>
    internal static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static IQueryable<ApiKeyRow> Working(CopilotDbContext db, DateTimeOffset at)
    {
        var now = UnixMicroseconds.From(at);
        return db.ApiKeys.Where(key => key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now));
    }

    private static string? FindProblem(ApiKeyRequest request, DateTimeOffset now) =>
        VisibleName.Clean(request.Name) is null ? AdministrationText.NameInvalid(VisibleName.MaxLength)
        : request.Scopes.Count == 0 ? AdministrationText.ScopesMissing
        : request.Scopes.FirstOrDefault(scope => !ApiScopes.All.Contains(scope)) is { } unknown ? AdministrationText.ScopeUnknown(unknown)
        : request.ExpiresAt <= now ? AdministrationText.ExpiryPast
        : null;

    private async Task<bool> MayAsync(ChangedBy by, string ownerId, CancellationToken cancellationToken) =>
        by.UserId == ownerId ? await people.FindAsync(ownerId, cancellationToken) is { IsLocked: false } : await people.IsAdminAsync(by, cancellationToken);

    private async Task<IReadOnlyList<ApiKeyInfo>> ListAsync(
        Func<IQueryable<ApiKeyRow>, IQueryable<ApiKeyRow>> filter, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await filter(Working(db, time.GetUtcNow())).AsNoTracking()
            .OrderByDescending(key => key.CreatedAt)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new ApiKeyInfo(
            row.Id, row.UserId, row.Name, ApiScopes.Parse(row.Scopes), UnixMicroseconds.ToTime(row.CreatedAt), Time(row.ExpiresAt), Time(row.LastUsedAt)))];
    }

    private static DateTimeOffset? Time(long? microseconds) => microseconds is { } value ? UnixMicroseconds.ToTime(value) : null;

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
