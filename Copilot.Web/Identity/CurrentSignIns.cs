using System.Collections.Concurrent;
using System.Security.Claims;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Identity;

/// <summary>
/// Who is signed in now, for all requests and pages of the process. What was read about a sign-in counts until its person or itself
/// changes: changes made here end it at once (<see cref="AccessChanges"/>), those of other processes are found by looking at one number
/// in the database, at most once a second and only when somebody asks.
/// </summary>
internal sealed class CurrentSignIns(
    IServiceScopeFactory scopes,
    IDbContextFactory<CopilotDbContext> contexts,
    SignIns signIns,
    AccessChanges changes,
    IOptions<IdentityOptions> identity,
    TimeProvider time)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);

    // Within it a sign-in is read again: it may have expired, and its use has to be noted.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Look? _look;
    private long _pruned = time.GetTimestamp();

    /// <summary>How often the database was asked for changes.</summary>
    internal int Looks { get; private set; }

    /// <summary>
    /// The person of a cookie with the roles as they are now, without the sign-in's id. Null when the sign-in has ended, the cookie's
    /// security stamp is not the stored one, or the account is locked.
    /// </summary>
    public async Task<ClaimsPrincipal?> FindAsync(ClaimsPrincipal? cookie, CancellationToken cancellationToken)
    {
        var claims = identity.Value.ClaimsIdentity;
        if (cookie is null
            || SignInId.Of(cookie) is not { } signInId
            || cookie.FindFirstValue(claims.UserIdClaimType) is not { } userId
            || cookie.FindFirstValue(claims.SecurityStampClaimType) is not { } stamp)
        {
            return null;
        }

        var revision = await RevisionAsync(cancellationToken);
        if (_entries.TryGetValue(signInId, out var known) && IsCurrent(known, revision) && known.UserId == userId && known.Stamp == stamp)
        {
            return known.Principal;
        }

        // Taken before reading, as the revision is: a change in between ends what was read.
        var (ended, changed, at) = (changes.TokenFor(signInId), changes.TokenFor(userId), time.GetTimestamp());
        if (await ReadAsync(cookie, signInId, cancellationToken) is not { } principal)
        {
            _entries.TryRemove(signInId, out _);
            return null;
        }

        _entries[signInId] = new Entry(userId, stamp, principal, revision, at, ended, changed);
        return principal;
    }

    private async Task<ClaimsPrincipal?> ReadAsync(ClaimsPrincipal cookie, string signInId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<SignInManager<CopilotUser>>();
        return await manager.ValidateSecurityStampAsync(cookie) is { } user
            && !(user.LockoutEnd >= PersonStore.Locked)
            && await signIns.IsOpenAsync(signInId, user.Id, cancellationToken)
                ? await manager.CreateUserPrincipalAsync(user)
                : null;
    }

    private bool IsCurrent(Entry entry, long revision) =>
        entry.Revision == revision
        && !entry.Ended.IsCancellationRequested
        && !entry.Changed.IsCancellationRequested
        && time.GetElapsedTime(entry.ReadAt) < s_lifetime;

    private async Task<long> RevisionAsync(CancellationToken cancellationToken)
    {
        Look look;
        lock (_lock)
        {
            if (_look is null || _look.Revision.IsFaulted || time.GetElapsedTime(_look.At) >= s_lookEvery)
            {
                // Never cancelled: others wait for it, too.
                _look = new Look(time.GetTimestamp(), Task.Run(ReadRevisionAsync, CancellationToken.None));
                Looks++;
                Prune();
            }

            look = _look;
        }

        return await look.Revision.WaitAsync(cancellationToken);
    }

    private async Task<long> ReadRevisionAsync()
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await db.Database.SqlQuery<long>($"SELECT value AS \"Value\" FROM access_revision").SingleAsync();
    }

    private void Prune()
    {
        if (time.GetElapsedTime(_pruned) < s_lifetime)
        {
            return;
        }

        _pruned = time.GetTimestamp();
        foreach (var entry in _entries.Where(entry => time.GetElapsedTime(entry.Value.ReadAt) >= s_lifetime))
        {
            _entries.TryRemove(entry);
        }
    }

    /// <summary>A look at the revision.</summary>
    /// <param name="At">When it began.</param>
    /// <param name="Revision">What it found.</param>
    private sealed record Look(long At, Task<long> Revision);

    /// <summary>What was read about a sign-in.</summary>
    /// <param name="UserId">Whose it is.</param>
    /// <param name="Stamp">Their security stamp.</param>
    /// <param name="Principal">The person.</param>
    /// <param name="Revision">The revision before it was read.</param>
    /// <param name="ReadAt">When it was read.</param>
    /// <param name="Ended">Fires when the sign-in ends.</param>
    /// <param name="Changed">Fires when the person changes.</param>
    private sealed record Entry(
        string UserId, string Stamp, ClaimsPrincipal Principal, long Revision, long ReadAt, CancellationToken Ended, CancellationToken Changed);
}
