using Copilot.Domain.Audit;
using Copilot.Domain.Audit.Checkpoints;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Audit;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Audit;

/// <summary>What admins do about the audit: read and export the access log, verify, take a checkpoint. Each is recorded itself.</summary>
internal sealed class AuditAdministration(
    IDbContextFactory<CopilotDbContext> contexts,
    PersonStore people,
    IAccessLog log,
    IAuditStore store,
    ICheckpointKeys keys,
    LastCheckpoint last,
    CheckpointMaker maker)
{
    /// <summary>Entries, newest first; null for who is no admin.</summary>
    /// <param name="reader">Who reads.</param>
    /// <param name="filter">Which.</param>
    /// <param name="before">Only those before this place; null for the newest.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AccessNotRecordedException">That somebody reads it could not be recorded.</exception>
    public async Task<IReadOnlyList<AccessRecord>?> ReadAsync(
        ChangedBy reader, AccessFilter filter, long? before, int count, CancellationToken cancellationToken)
    {
        if (!await people.IsAdminAsync(reader, cancellationToken))
        {
            return null;
        }

        // Older pages belong to the same look.
        if (before is null)
        {
            await RecordAsync(reader, AccessActions.AuditRead, AuditText.Describe(filter), cancellationToken);
        }

        return await PageAsync(filter, before, count, cancellationToken);
    }

    /// <summary>All entries of a filter, newest first, a page at a time; null for who is no admin. It is recorded before the first.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded.</exception>
    public async Task<IAsyncEnumerable<IReadOnlyList<AccessRecord>>?> ExportAsync(
        ChangedBy reader, AccessFilter filter, string format, CancellationToken cancellationToken)
    {
        if (!await people.IsAdminAsync(reader, cancellationToken))
        {
            return null;
        }

        await RecordAsync(reader, AccessActions.AuditExported, $"{format}; {AuditText.Describe(filter)}", cancellationToken);
        return PagesAsync(filter, cancellationToken);
    }

    /// <summary>Seals everything up to now, and gives the newest checkpoint to be stored elsewhere; null for who is no admin, or when there is none.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded.</exception>
    public async Task<ExportedCheckpoint?> TakeCheckpointAsync(ChangedBy reader, CancellationToken cancellationToken)
    {
        if (!await people.IsAdminAsync(reader, cancellationToken))
        {
            return null;
        }

        await RecordAsync(reader, AccessActions.AuditExported, AuditText.Checkpoint, cancellationToken);
        if (await maker.MakeAsync(cancellationToken) is { } made)
        {
            return ExportedCheckpoint.From(made);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Checkpoints.AsNoTracking().OrderByDescending(one => one.Number).FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : ExportedCheckpoint.From(row.ToCheckpoint());
    }

    /// <summary>Verifies what is stored; null for who is no admin.</summary>
    /// <param name="reader">Who asks.</param>
    /// <param name="range">Which runs.</param>
    /// <param name="progress">Called after each run, on another thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AccessNotRecordedException">It could not be recorded.</exception>
    public async Task<AuditReport?> VerifyAsync(
        ChangedBy reader, AuditRange range, Action<AuditProgress> progress, CancellationToken cancellationToken)
    {
        if (!await people.IsAdminAsync(reader, cancellationToken))
        {
            return null;
        }

        // The database's reads block, and a page must stay able to stop it.
        var report = await Task.Run(
            () => new AuditVerification(store, keys).RunAsync(range, last.Read() is { } exported ? [exported] : [], progress, cancellationToken), cancellationToken);
        await RecordAsync(reader, AccessActions.AuditVerified, AuditText.Outcome(report), cancellationToken);
        return report;
    }

    private async IAsyncEnumerable<IReadOnlyList<AccessRecord>> PagesAsync(
        AccessFilter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int Size = 500;
        long? before = null;
        while (await PageAsync(filter, before, Size, cancellationToken) is { Count: > 0 } page)
        {
            yield return page;
            before = page[^1].Seq;
        }
    }

    private async Task<IReadOnlyList<AccessRecord>> PageAsync(AccessFilter filter, long? before, int count, CancellationToken cancellationToken)
    {
        var from = filter.From is { } since ? UnixMicroseconds.From(since) : (long?)null;
        var to = filter.To is { } until ? UnixMicroseconds.From(until) : (long?)null;
        var (person, action, objectId, address) = (filter.Person, filter.Action, filter.ObjectId, filter.Address);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<AccessRow> rows = db.AccessLog.AsNoTracking();
        rows = before is null ? rows : rows.Where(row => row.Seq < before);
        rows = from is null ? rows : rows.Where(row => row.At >= from);
        rows = to is null ? rows : rows.Where(row => row.At < to);
        rows = action is null ? rows : rows.Where(row => row.Action == action);
        rows = objectId is null ? rows : rows.Where(row => row.ObjectId == objectId);
        rows = address is null ? rows : rows.Where(row => row.Address.StartsWith(address));
        rows = person is null ? rows : rows.Where(row => row.ActorId == person || row.OwnerId == person || row.ActorName.Contains(person));
        var page = await rows.OrderByDescending(row => row.Seq).Take(count).ToListAsync(cancellationToken);
        return page.ConvertAll(row => row.ToRecord());
    }

    private async Task RecordAsync(ChangedBy by, string action, string? after, CancellationToken cancellationToken)
    {
        var role = by.UserId is null ? null : (await people.FindAsync(by.UserId, cancellationToken))?.Role;
        await log.RecordAsync(
            new AccessEntry { Action = action, ActorId = by.UserId, ActorName = by.Name, ActorRole = role, Address = by.Origin, After = after }, cancellationToken);
    }
}
