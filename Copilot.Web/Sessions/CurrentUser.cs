using System.Security.Claims;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Sessions;

/// <summary>The signed-in person, as the store has them now.</summary>
/// <param name="Id">User id.</param>
/// <param name="Name">Name shown to others.</param>
/// <param name="TeamId">Their team: new sessions are made in it.</param>
/// <param name="Role">Their role, read from the store.</param>
/// <param name="TimeZone">Zone of every day and hour shown to them; UTC until a browser has said it.</param>
public sealed record UserInfo(string Id, string Name, string TeamId, string Role, TimeZoneInfo TimeZone)
{
    /// <summary>Whose sessions this person makes.</summary>
    public RunOwner AsOwner { get; } = new(Id, TeamId);

    /// <summary>Whether this person is shown what runs cost.</summary>
    public bool SeesCosts { get; init; } = true;

    /// <summary>Whether this person is always shown how full a conversation's memory is; otherwise only once it is nearly full.</summary>
    public bool SeesContext { get; init; } = true;

    /// <summary>Whether this person can change settings.</summary>
    public bool IsAdmin => Role == Roles.Admin;
}

/// <summary>Who this circuit belongs to.</summary>
internal sealed class CurrentUser(
    AuthenticationStateProvider authentication,
    IDbContextFactory<CopilotDbContext> contexts,
    IRunAccess access)
{
    /// <summary>The signed-in person, or null when there is none any more.</summary>
    public async Task<UserInfo?> FindAsync(CancellationToken cancellationToken)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        if (state.User.Identity?.IsAuthenticated is not true || state.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Users.AsNoTracking()
            .Where(user => user.Id == id)
            .Select(user => new { user.DisplayName, user.TeamId, user.TimeZone })
            .FirstOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            return null;
        }

        var lease = await access.TryAcquireAsync(id, new RunOwner(id, row.TeamId), RunAction.Write, cancellationToken);
        return lease is null
            ? null
            : new UserInfo(id, row.DisplayName, row.TeamId, lease.Actor.Role, Zone(row.TimeZone) ?? TimeZoneInfo.Utc);
    }

    /// <summary>Keeps the zone the person's browser is in; words that name no zone are ignored. Returns the zone in force.</summary>
    /// <param name="user">The person.</param>
    /// <param name="timeZone">IANA name, as the browser says it.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async Task<TimeZoneInfo> SetTimeZoneAsync(UserInfo user, string? timeZone, CancellationToken cancellationToken)
    {
        if (Zone(timeZone) is not { } zone || zone.Id == user.TimeZone.Id)
        {
            return user.TimeZone;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            token => db.Users
                .Where(row => row.Id == user.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.TimeZone, timeZone), token),
            cancellationToken);
        return zone;
    }

    private static TimeZoneInfo? Zone(string? name) =>
        name is { Length: > 0 and <= 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
