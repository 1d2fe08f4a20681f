using System.Security.Cryptography;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Passwords;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity.Invitations;

/// <summary>
/// Invitations: an admin says who the person will be, and the person chooses a user name and a password. The link works once, until it
/// expires or is withdrawn; only the hash of its token is stored.
/// </summary>
internal sealed class Invitations(
    IDbContextFactory<CopilotDbContext> contexts, PersonStore persons, People people, Teams teams, PeopleAudit audit, TimeProvider time)
{
    /// <summary>How long an invitation may be open, in days.</summary>
    public const int MaxDays = 30;

    private const int MaxTokenLength = 128;

    /// <summary>Makes an invitation.</summary>
    /// <returns>The invitation, or null with the problems.</returns>
    public async Task<(NewInvitation? Invitation, PersonChange Change)> CreateAsync(
        ChangedBy by, string name, string role, string team, int days, CancellationToken cancellationToken)
    {
        if (!await persons.IsAdminAsync(by, cancellationToken))
        {
            return Refused(AdministrationText.AdminsOnly);
        }

        if (VisibleName.Clean(name) is not { } clean)
        {
            return Refused(AdministrationText.NameInvalid(VisibleName.MaxLength));
        }

        if (PeopleAdministration.FindRole(role) is not { } known)
        {
            return Refused(AdministrationText.RoleUnknown);
        }

        if (days is < 1 or > MaxDays)
        {
            return Refused(AdministrationText.InvitationDays(MaxDays));
        }

        var (now, token) = (time.GetUtcNow(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        var made = new NewInvitation(RunIds.New("inv_", time), token, now.AddDays(days));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stored = await db.WriteAsync(
            async stop =>
            {
                if (await teams.FindOrAddAsync(db, team, stop) is not { } row)
                {
                    return false;
                }

                db.Invitations.Add(new InvitationRow
                {
                    Id = made.Id,
                    TokenHash = ApiKeys.Hash(token),
                    DisplayName = clean,
                    Role = known,
                    TeamId = row.Id,
                    CreatedAt = UnixMicroseconds.From(now),
                    ExpiresAt = UnixMicroseconds.From(made.ExpiresAt),
                });
                audit.Add(db, by, AuditAction.Invited, user: null, clean, made.Id, after: known);
                await db.SaveChangesAsync(stop);
                return true;
            },
            cancellationToken);
        return stored ? (made, PersonChange.Done) : Refused(AdministrationText.NameInvalid(VisibleName.MaxLength));
    }

    /// <summary>The invitations that can still be accepted, the newest first. Null when the reader is no admin.</summary>
    public async Task<IReadOnlyList<InvitationInfo>?> ListOpenAsync(ChangedBy reader, CancellationToken cancellationToken)
    {
        if (!await persons.IsAdminAsync(reader, cancellationToken))
        {
            return null;
        }

        var now = UnixMicroseconds.From(time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Invitations.AsNoTracking()
            .Where(row => row.EndedAt == null && row.ExpiresAt > now)
            .OrderByDescending(row => row.CreatedAt)
            .Join(db.Teams, row => row.TeamId, team => team.Id, (row, team) => new { row.Id, row.DisplayName, row.Role, Team = team.Name, row.ExpiresAt })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new InvitationInfo(row.Id, row.DisplayName, row.Role, row.Team, UnixMicroseconds.ToTime(row.ExpiresAt)))];
    }

    /// <summary>Ends an open invitation: its link does not work any more.</summary>
    public async Task<PersonChange> WithdrawAsync(ChangedBy by, string invitationId, CancellationToken cancellationToken)
    {
        if (!await persons.IsAdminAsync(by, cancellationToken))
        {
            return new PersonChange([AdministrationText.AdminsOnly]);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async stop =>
            {
                if (await db.Invitations.SingleOrDefaultAsync(row => row.Id == invitationId && row.EndedAt == null, stop) is not { } row)
                {
                    return new PersonChange([AdministrationText.NoSuchInvitation]);
                }

                row.EndedAt = UnixMicroseconds.From(time.GetUtcNow());
                audit.Add(db, by, AuditAction.InvitationWithdrawn, user: null, row.DisplayName, row.Id);
                await db.SaveChangesAsync(stop);
                return PersonChange.Done;
            },
            cancellationToken);
    }

    /// <summary>Whether a link can be used, and by whom.</summary>
    public async Task<(InvitationState State, string? Name)> ReadAsync(string? token, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await FindAsync(db.Invitations.AsNoTracking(), token, cancellationToken);
        return (StateOf(row), row?.DisplayName);
    }

    /// <summary>
    /// Creates the invited person and ends the link, in one transaction. What is wrong with the name or the password leaves the link as it
    /// was.
    /// </summary>
    /// <param name="token">From the link.</param>
    /// <param name="name">The name that others will see; null for that of the invitation.</param>
    /// <param name="userName">The name to sign in with.</param>
    /// <param name="password">The password.</param>
    /// <param name="origin">Network address of the person.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    public async Task<(InvitationState State, PersonChange Change)> AcceptAsync(
        string? token, string? name, string userName, string password, string origin, CancellationToken cancellationToken)
    {
        InvitationRow? row;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            row = await FindAsync(db.Invitations.AsNoTracking(), token, cancellationToken);
        }

        if (row is null || StateOf(row) is not InvitationState.Open)
        {
            return (StateOf(row), PersonChange.Unchanged);
        }

        if (PasswordSignIn.Problem(userName.Trim(), password) is { } problem)
        {
            return (InvitationState.Open, new PersonChange([problem]));
        }

        if (VisibleName.Clean(string.IsNullOrWhiteSpace(name) ? row.DisplayName : name) is not { } shown)
        {
            return (InvitationState.Open, new PersonChange([AdministrationText.NameInvalid(VisibleName.MaxLength)]));
        }

        try
        {
            var (_, change) = await people.CreateAsync(
                new NewPerson(userName, shown, row.TeamId, [row.Role], password),
                (db, user) =>
                {
                    db.Attach(row);
                    (row.EndedAt, row.UserId) = (UnixMicroseconds.From(time.GetUtcNow()), user.Id);
                    audit.Add(db, new ChangedBy(user.Id, shown, origin), AuditAction.Joined, user.Id, shown, row.Id, after: row.Role);
                    return Task.CompletedTask;
                },
                cancellationToken);
            return (InvitationState.Open, change);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another request has ended it since it was read.
            return (InvitationState.Used, PersonChange.Unchanged);
        }
    }

    private static async Task<InvitationRow?> FindAsync(IQueryable<InvitationRow> rows, string? token, CancellationToken cancellationToken)
    {
        if (token is not { Length: > 0 and <= MaxTokenLength })
        {
            return null;
        }

        var hash = ApiKeys.Hash(token);
        var row = await rows.SingleOrDefaultAsync(candidate => candidate.TokenHash == hash, cancellationToken);
        return row is not null && CryptographicOperations.FixedTimeEquals(row.TokenHash, hash) ? row : null;
    }

    private InvitationState StateOf(InvitationRow? row) => row switch
    {
        null or { EndedAt: not null, UserId: null } => InvitationState.Unknown,
        { EndedAt: not null } => InvitationState.Used,
        _ when row.ExpiresAt <= UnixMicroseconds.From(time.GetUtcNow()) => InvitationState.Expired,
        _ => InvitationState.Open,
    };

    private static (NewInvitation?, PersonChange) Refused(string problem) => (null, new PersonChange([problem]));
}
