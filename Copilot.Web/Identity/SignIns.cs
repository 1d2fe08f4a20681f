using System.Net;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity;

/// <summary>
/// All sign-ins, so that one can be ended on the server: a cookie that was copied before is refused afterwards, and the pages that were
/// opened with it end at once.
/// </summary>
internal sealed partial class SignIns(
    IDbContextFactory<CopilotDbContext> contexts, AccessChanges changes, TimeProvider time, ILogger<SignIns> logger)
{
    /// <summary>How long an unused sign-in lives when the person asked to stay signed in.</summary>
    public static readonly TimeSpan PersistentLifetime = TimeSpan.FromDays(14);

    /// <summary>How long any other lives unused; its cookie ends with the browser as well.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private const int MaxAgentLength = 200;

    private static readonly TimeSpan s_seenPrecision = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_rowLifetime = TimeSpan.FromDays(30);

    /// <summary>Begins a sign-in.</summary>
    /// <param name="userId">Who signs in.</param>
    /// <param name="address">The browser's address.</param>
    /// <param name="agent">What the browser calls itself.</param>
    /// <param name="isPersistent">Whether the person asked to stay signed in.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its id.</returns>
    public async Task<string> BeginAsync(
        string userId, IPAddress? address, string? agent, bool isPersistent, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = new SignInRow
        {
            Id = SignInId.New(),
            UserId = userId,
            CreatedAt = UnixMicroseconds.From(now),
            LastSeenAt = UnixMicroseconds.From(now),
            Address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString(),
            Agent = Shorten(agent),
            IsKept = isPersistent,
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            async token =>
            {
                var old = UnixMicroseconds.From(now - s_rowLifetime);
                await db.SignIns.Where(one => one.LastSeenAt < old).ExecuteDeleteAsync(token);
                db.SignIns.Add(row);
                return await db.SaveChangesAsync(token);
            },
            cancellationToken);
        return row.Id;
    }

    /// <summary>A person's sign-ins that still work, the one used last first.</summary>
    public async Task<IReadOnlyList<SignInInfo>> ListAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Open(db.SignIns.AsNoTracking().Where(row => row.UserId == userId))
            .OrderByDescending(row => row.LastSeenAt)
            .ThenByDescending(row => row.Id)
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new SignInInfo(
            row.Id, UnixMicroseconds.ToTime(row.CreatedAt), UnixMicroseconds.ToTime(row.LastSeenAt), row.Address, row.Agent, row.IsKept));
    }

    /// <summary>Whether this sign-in of this person still works. That it was used is noted now and then.</summary>
    public async Task<bool> IsOpenAsync(string? id, string? userId, CancellationToken cancellationToken)
    {
        if (id is null || userId is null)
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await Open(db.SignIns.AsNoTracking().Where(row => row.Id == id && row.UserId == userId)).FirstOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            return false;
        }

        var now = time.GetUtcNow();
        if (now - UnixMicroseconds.ToTime(row.LastSeenAt) >= s_seenPrecision)
        {
            await NoteSeenAsync(db, id, UnixMicroseconds.From(now), cancellationToken);
        }

        return true;
    }

    /// <summary>Whether the person has signed in from this address lately, so that others' failures need not slow them down there.</summary>
    public async Task<bool> IsKnownAddressAsync(string userId, string address, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.SignIns.AsNoTracking().AnyAsync(row => row.UserId == userId && row.Address == address, cancellationToken);
    }

    /// <summary>Ends a sign-in and the pages opened with it. False when there is none that works.</summary>
    /// <param name="id">The sign-in.</param>
    /// <param name="by">The user id of whoever ends it.</param>
    /// <param name="cancellationToken">Stops it before it is committed.</param>
    public async Task<bool> EndAsync(string id, string by, CancellationToken cancellationToken) =>
        (await EndAsync(rows => rows.Where(row => row.Id == id), by, cancellationToken)) > 0;

    /// <summary>Ends all sign-ins of a person, and returns how many worked.</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="by">The user id of whoever ends them.</param>
    /// <param name="cancellationToken">Stops it before it is committed.</param>
    public Task<int> EndAllAsync(string userId, string by, CancellationToken cancellationToken) =>
        EndAsync(rows => rows.Where(row => row.UserId == userId), by, cancellationToken);

    private async Task<int> EndAsync(
        Func<IQueryable<SignInRow>, IQueryable<SignInRow>> which, string by, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.WriteAsync(
            async token =>
            {
                var ending = await which(db.SignIns).Where(row => row.EndedAt == null).ToListAsync(token);
                foreach (var row in ending)
                {
                    (row.EndedAt, row.EndedBy) = (UnixMicroseconds.From(time.GetUtcNow()), by);
                }

                await db.SaveChangesAsync(token);
                return ending;
            },
            cancellationToken);
        foreach (var row in rows)
        {
            await changes.RevokeAsync(row.Id);
            LogEnded(row.Id, row.UserId, by);
        }

        return rows.Count;
    }

    /// <summary>Those of some sign-ins that still work.</summary>
    internal IQueryable<SignInRow> Open(IQueryable<SignInRow> rows)
    {
        var now = time.GetUtcNow();
        var (persistent, others) = (UnixMicroseconds.From(now - PersistentLifetime), UnixMicroseconds.From(now - Lifetime));
        return rows.Where(row => row.EndedAt == null && row.LastSeenAt > (row.IsKept ? persistent : others));
    }

    private async Task NoteSeenAsync(CopilotDbContext db, string id, long at, CancellationToken cancellationToken)
    {
        try
        {
            await db.WriteAsync(
                token => db.SignIns.Where(row => row.Id == id && row.LastSeenAt < at)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenAt, at), token),
                cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            // Reading must work while nothing can be written.
            LogNotNoted(exception, id);
        }
    }

    private static string? Shorten(string? agent) => agent is { Length: > MaxAgentLength } ? agent[..MaxAgentLength] : agent;

    [LoggerMessage(LogLevel.Information, "The sign-in {SignInId} of {UserId} was ended by {By}")]
    private partial void LogEnded(string signInId, string userId, string by);

    [LoggerMessage(LogLevel.Warning, "The use of the sign-in {SignInId} could not be noted")]
    private partial void LogNotNoted(Exception exception, string signInId);
}
