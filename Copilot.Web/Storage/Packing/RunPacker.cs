using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Storage.Packing;

/// <summary>
/// Packs runs that have ended: many events become one segment, in the same transaction that deletes their rows. After a crash the rest is
/// packed; readers meanwhile find each event in one place or the other. Two may pack the same run, and a run may be erased while it is
/// packed: what has changed since it was read is left as it is.
/// </summary>
internal sealed class RunPacker(IDbContextFactory<CopilotDbContext> contexts, IOptions<PackingOptions> options)
{
    // A page of events has no more, so one segment never is much more than a page.
    private const long SegmentBytes = 1024 * 1024;

    private static readonly string[] s_ended = [.. Enum.GetValues<RunStatus>().Where(status => status.IsTerminal()).Select(status => status.ToWire())];

    /// <summary>Runs that ended before this and are not packed, the first ended first.</summary>
    /// <param name="before">When they must have ended.</param>
    /// <param name="limit">Largest number to return.</param>
    /// <param name="besides">Runs to leave out.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<string>> ReadDueAsync(
        DateTimeOffset before, int limit, IReadOnlyCollection<string> besides, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Due(db, UnixMicroseconds.From(before)).Where(id => !besides.Contains(id)).Take(limit).ToListAsync(cancellationToken);
    }

    internal static IQueryable<string> Due(CopilotDbContext db, long before) => db.Runs.AsNoTracking()
        .Where(run => run.PackedAt == null && run.CompletedAt < before && EF.Constant(s_ended).Contains(run.Status))
        .OrderBy(run => run.CompletedAt)
        .Select(run => run.Id);

    /// <summary>Packs the next events of a run that has ended, in one transaction.</summary>
    /// <returns>True when there may be more to pack.</returns>
    public async Task<bool> PackNextAsync(string runId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var events = await ReadAsync(db, runId, cancellationToken);
        if (events.Count == 0)
        {
            await db.WriteAsync(
                token => db.Runs.Where(run => run.Id == runId && !db.RunEvents.Any(row => row.RunId == runId))
                    .ExecuteUpdateAsync(set => set.SetProperty(run => run.PackedAt, UnixMicroseconds.From(now)), token),
                cancellationToken);
            return false;
        }

        var (first, last) = (events[0].Seq, events[^1].Seq);
        var erased = events.Count(one => one.IsErased);
        var before = await RunSegments.After(db, runId, first - 2).Where(row => row.LastSeq == first - 1).Select(row => row.LastHash).FirstOrDefaultAsync(cancellationToken);
        var keys = new SaltKeys(await RunSegments.Keys(db, runId).ToListAsync(cancellationToken));
        var segment = SegmentWriter.Pack(events, before ?? RunEventChain.Start, keys, erase: false);
        ThrowIfDifferent(events, SegmentReader.Read(segment, keys));
        segment.Erased = erased == events.Count;
        await db.WriteAsync(
            async token =>
            {
                // Rows never change but lose their content: with as many erased ones they are what was read.
                var rows = db.RunEvents.Where(row => row.RunId == runId && row.Seq >= first && row.Seq <= last);
                if (await rows.CountAsync(token) != events.Count || await rows.CountAsync(row => row.Salt == null, token) != erased)
                {
                    return false;
                }

                db.RunSegments.Add(segment);
                await db.SaveChangesAsync(token);
                await db.RunPayloads.Where(row => row.RunId == runId && row.Seq >= first && row.Seq <= last).ExecuteDeleteAsync(token);
                await rows.ExecuteDeleteAsync(token);
                return true;
            },
            cancellationToken);
        return true;
    }

    /// <summary>The first events of the run that have rows, without a hole between them.</summary>
    private async Task<List<RunEvent>> ReadAsync(CopilotDbContext db, string runId, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent>();
        var bytes = 0L;
        await foreach (var row in StoredEvent.Of(db).Where(row => row.Event.RunId == runId).OrderBy(row => row.Event.Seq)
            .Take(options.Value.SegmentEvents).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (events.Count > 0 && row.Event.Seq != events[^1].Seq + 1)
            {
                break;
            }

            events.Add(RunEventRowMapping.ToEvent(row.Event, row.Large));
            bytes += events[^1].Data.Length;
            if (bytes >= SegmentBytes)
            {
                break;
            }
        }

        return events;
    }

    /// <exception cref="InvalidOperationException">What would be read back is not what is there. Nothing was changed.</exception>
    private static void ThrowIfDifferent(List<RunEvent> events, IReadOnlyList<RunEvent> packed)
    {
        if (packed.Count != events.Count || !packed.Zip(events).All(pair => RunEventRowMapping.IsSame(pair.First, pair.Second)))
        {
            throw new InvalidOperationException($"Run {events[0].RunId} cannot be packed: its events from {events[0].Seq} on would not be read back as they are.");
        }
    }
}
