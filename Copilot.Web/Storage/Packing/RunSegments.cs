using Copilot.Domain.Runs.Events;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Packing;

/// <summary>Reads the packed events of runs.</summary>
internal static class RunSegments
{
    /// <summary>The segment that has the first packed event after this one; null when none is packed.</summary>
    public static IQueryable<RunSegmentRow> After(CopilotDbContext db, string runId, long after) =>
        db.RunSegments.AsNoTracking().Where(row => row.RunId == runId && row.LastSeq > after).OrderBy(row => row.LastSeq).Take(1);

    /// <summary>The packed events after this one that one segment has; null when none is packed.</summary>
    public static async Task<IReadOnlyList<RunEvent>?> ReadAsync(CopilotDbContext db, string runId, long after, CancellationToken cancellationToken) =>
        await After(db, runId, after).FirstOrDefaultAsync(cancellationToken) is { } segment
            ? After(SegmentReader.Read(segment, new SaltKeys(await Keys(db, runId).ToListAsync(cancellationToken))), after)
            : null;

    /// <summary>The same, on the caller's thread.</summary>
    public static IReadOnlyList<RunEvent>? Read(CopilotDbContext db, string runId, long after) =>
        After(db, runId, after).FirstOrDefault() is { } segment
            ? After(SegmentReader.Read(segment, new SaltKeys(Keys(db, runId).ToList())), after)
            : null;

    /// <summary>The last packed event, or null.</summary>
    public static async Task<RunEvent?> ReadLastAsync(CopilotDbContext db, string runId, CancellationToken cancellationToken) =>
        await db.RunSegments.AsNoTracking().Where(row => row.RunId == runId).OrderByDescending(row => row.LastSeq)
            .FirstOrDefaultAsync(cancellationToken) is { } segment
                ? SegmentReader.Read(segment, new SaltKeys(await Keys(db, runId).ToListAsync(cancellationToken)))[^1]
                : null;

    /// <summary>The keys of a run's salts.</summary>
    public static IQueryable<RunSaltRow> Keys(CopilotDbContext db, string runId) =>
        db.RunSalts.AsNoTracking().Where(row => row.RunId == runId);

    private static IReadOnlyList<RunEvent> After(IReadOnlyList<RunEvent> events, long after) =>
        events[0].Seq > after ? events : [.. events.Where(one => one.Seq > after)];
}
