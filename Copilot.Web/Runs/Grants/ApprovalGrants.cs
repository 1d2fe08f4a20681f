using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Grants;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs.Grants;

/// <summary>
/// Standing permissions: given, looked for and revoked. One counts while whoever gave it may still control the run that makes the call,
/// and covers nobody else's runs.
/// </summary>
internal sealed class ApprovalGrants(
    IDbContextFactory<CopilotDbContext> contexts, IRunAccess access, PersonStore people, PeopleAudit audit, TimeProvider time) : IApprovalGrants
{
    /// <inheritdoc/>
    public async Task<ApprovalGrant?> FindAsync(GrantedCall call, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Counting(db)
            .Where(row => row.UserId == call.Owner.UserId && row.Tool == call.Tool && row.ServerLabel == call.ServerLabel
                && (row.SessionId == call.SessionId || row.AgentId == call.AgentId))
            .OrderByDescending(row => row.Denies)
            .ThenByDescending(row => row.ExpiresAt)
            .ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            if (await access.TryAcquireAsync(row.CreatedBy, call.Owner, RunAction.Control, cancellationToken) is { } lease)
            {
                return new ApprovalGrant(row.Id, lease.Actor, UnixMicroseconds.ToTime(row.ExpiresAt)) { Denies = row.Denies };
            }
        }

        return null;
    }

    /// <summary>Gives one, in the place of an older one for the same. Whether the person may is the caller's to check.</summary>
    /// <param name="by">Who gives it: a person.</param>
    /// <param name="call">A call that it shall cover.</param>
    /// <param name="request">Where, and how long.</param>
    /// <param name="denies">True where such calls are not to be carried out.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async Task AddAsync(ChangedBy by, GrantedCall call, GrantRequest request, bool denies, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = new ApprovalGrantRow
        {
            Id = RunIds.New("grant_", time),
            UserId = call.Owner.UserId,
            SessionId = request.Scope is GrantScope.Session ? call.SessionId : null,
            AgentId = request.Scope is GrantScope.Agent ? call.AgentId : null,
            Tool = call.Tool,
            ServerLabel = call.ServerLabel,
            Denies = denies,
            CreatedBy = by.UserId ?? throw new ArgumentException("A permission is given by a person.", nameof(by)),
            CreatedAt = UnixMicroseconds.From(now),
            ExpiresAt = UnixMicroseconds.From(now + request.Lifetime),
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            async stop =>
            {
                await Counting(db)
                    .Where(older => older.UserId == row.UserId && older.CreatedBy == row.CreatedBy && older.Tool == row.Tool
                        && older.ServerLabel == row.ServerLabel && older.SessionId == row.SessionId && older.AgentId == row.AgentId)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(older => older.RevokedAt, row.CreatedAt).SetProperty(older => older.RevokedBy, row.CreatedBy), stop);
                db.ApprovalGrants.Add(row);
                audit.Add(db, by, AuditAction.PermissionGiven, row.UserId, await NameAsync(db, row.UserId, stop), row.Id, after: Describe(row));
                return await db.SaveChangesAsync(stop);
            },
            cancellationToken);
    }

    /// <summary>Those that count for a person's runs, and those that the person gave for others', the newest first.</summary>
    public async Task<IReadOnlyList<GrantInfo>> ListAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Counting(db)
            .Where(row => row.UserId == userId || row.CreatedBy == userId)
            .OrderByDescending(row => row.CreatedAt)
            .Select(row => new
            {
                Row = row,
                Owner = db.Users.Where(user => user.Id == row.UserId).Select(user => user.DisplayName).FirstOrDefault(),
                Giver = db.Users.Where(user => user.Id == row.CreatedBy).Select(user => user.DisplayName).FirstOrDefault(),
                Session = db.Sessions.Where(session => session.Id == row.SessionId && session.DeletedAt == null).Select(session => session.Title).FirstOrDefault(),
                Agent = db.Agents.Where(agent => agent.Id == row.AgentId).Select(agent => agent.Name).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(one => new GrantInfo(
                one.Row.Id,
                one.Row.Tool,
                one.Row.ServerLabel,
                one.Row.SessionId is null ? GrantScope.Agent : GrantScope.Session,
                one.Row.SessionId ?? one.Row.AgentId ?? "",
                one.Session ?? one.Agent ?? "",
                one.Row.UserId,
                one.Owner ?? one.Row.UserId,
                one.Row.CreatedBy,
                one.Giver ?? one.Row.CreatedBy,
                UnixMicroseconds.ToTime(one.Row.ExpiresAt))
            {
                Denies = one.Row.Denies,
            }),
        ];
    }

    /// <summary>Ends one from the next call on: whose runs it covers, who gave it, and admins.</summary>
    public async Task<PersonChange> RevokeAsync(ChangedBy by, string grantId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async stop =>
            {
                if (await db.ApprovalGrants.SingleOrDefaultAsync(row => row.Id == grantId && row.RevokedAt == null, stop) is not { } row
                    || !await MayRevokeAsync(by, row, stop))
                {
                    return new PersonChange([RunCommandText.PermissionGone]);
                }

                row.RevokedAt = UnixMicroseconds.From(time.GetUtcNow());
                row.RevokedBy = by.UserId;
                audit.Add(db, by, AuditAction.PermissionRevoked, row.UserId, await NameAsync(db, row.UserId, stop), row.Id, before: Describe(row));
                await db.SaveChangesAsync(stop);
                return PersonChange.Done;
            },
            cancellationToken);
    }

    private static string Describe(ApprovalGrantRow row) =>
        $"{(row.Denies ? "never " : "")}{(row.ServerLabel is null ? row.Tool : $"{row.ServerLabel}/{row.Tool}")} ({row.SessionId ?? row.AgentId})";

    private static async Task<string> NameAsync(CopilotDbContext db, string userId, CancellationToken cancellationToken) =>
        await db.Users.Where(user => user.Id == userId).Select(user => user.DisplayName).FirstOrDefaultAsync(cancellationToken) ?? userId;

    private IQueryable<ApprovalGrantRow> Counting(CopilotDbContext db)
    {
        var now = UnixMicroseconds.From(time.GetUtcNow());
        return db.ApprovalGrants.AsNoTracking().Where(row => row.RevokedAt == null && row.ExpiresAt > now);
    }

    private async Task<bool> MayRevokeAsync(ChangedBy by, ApprovalGrantRow row, CancellationToken cancellationToken) =>
        by.UserId == row.UserId || by.UserId == row.CreatedBy || await people.IsAdminAsync(by, cancellationToken);
}
