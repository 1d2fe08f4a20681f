using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Runs;

/// <summary>An event's row with its payload, wherever that is.</summary>
internal sealed class StoredEvent
{
    public required RunEventRow Event { get; init; }

    /// <summary>The payload if stored in a separate row, else null.</summary>
    public required byte[]? Large { get; init; }

    /// <summary>All events that have rows.</summary>
    public static IQueryable<StoredEvent> Of(CopilotDbContext db) =>
        from row in db.RunEvents.AsNoTracking()
        join large in db.RunPayloads.AsNoTracking()
            on new { row.RunId, row.Seq } equals new { large.RunId, large.Seq } into larges
        from large in larges.DefaultIfEmpty()
        select new StoredEvent { Event = row, Large = large.Payload };
}
