using Copilot.Domain.Audit;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity.Administration;

/// <summary>
/// What was done to people, sign-ins, keys and invitations: by whom, when, from where. A row is added in the transaction of the change
/// itself, so neither is there without the other; the database refuses to change or delete one. The same goes into the access log's chain.
/// </summary>
internal sealed class PeopleAudit(IDbContextFactory<CopilotDbContext> contexts, PersonStore people, TimeProvider time)
{
    /// <summary>Adds a row to what this context will save.</summary>
    /// <param name="db">The context that makes the change.</param>
    /// <param name="by">Who makes it.</param>
    /// <param name="action">One of <see cref="AuditAction"/>.</param>
    /// <param name="user">The person it is done to; null for an invitation.</param>
    /// <param name="name">Their name.</param>
    /// <param name="objectId">The key, sign-in or invitation.</param>
    /// <param name="before">What was there before, in a word.</param>
    /// <param name="after">What is there from now on.</param>
    public void Add(
        CopilotDbContext db, ChangedBy by, string action, string? user, string name, string? objectId = null, string? before = null, string? after = null)
    {
        var now = time.GetUtcNow();
        db.PeopleAudit.Add(new PeopleAuditRow
        {
            At = UnixMicroseconds.From(now),
            Action = action,
            UserId = user,
            UserName = name,
            ActorId = by.UserId,
            ActorName = by.Name,
            Origin = by.Origin,
            ObjectId = objectId,
            Before = before,
            After = after,
        });
        db.Record(
            new AccessEntry
            {
                Action = action,
                ActorId = by.UserId,
                ActorName = by.Name,
                KeyId = by.KeyId,
                Address = by.Origin,
                ObjectId = objectId ?? user,
                ObjectName = name,
                OwnerId = user,
                Reason = action is AuditAction.LeverSet or AuditAction.RunsStopped ? after : null,
                Before = before,
                After = action is AuditAction.LeverSet or AuditAction.RunsStopped ? null : after,
            },
            now);
    }

    /// <summary>What was done to a person, newest first, with the invitation they came by. Null when the reader is no admin.</summary>
    public async Task<IReadOnlyList<AuditEntry>?> OfPersonAsync(
        ChangedBy reader, string userId, int count, CancellationToken cancellationToken) =>
        await people.IsAdminAsync(reader, cancellationToken)
            ? await ReadAsync(
                (db, rows) => rows.Where(row => row.UserId == userId
                    || db.Invitations.Any(invitation => invitation.UserId == userId && invitation.Id == row.ObjectId)),
                count,
                cancellationToken)
            : null;

    /// <summary>What was done to anybody, newest first. Null when the reader is no admin.</summary>
    public async Task<IReadOnlyList<AuditEntry>?> NewestAsync(ChangedBy reader, int count, CancellationToken cancellationToken) =>
        await people.IsAdminAsync(reader, cancellationToken) ? await ReadAsync((_, rows) => rows, count, cancellationToken) : null;

    private async Task<IReadOnlyList<AuditEntry>> ReadAsync(
        Func<CopilotDbContext, IQueryable<PeopleAuditRow>, IQueryable<PeopleAuditRow>> filter, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await filter(db, db.PeopleAudit.AsNoTracking())
            .OrderByDescending(row => row.Id)
            .Take(count)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(AuditEntry.From)];
    }
}
