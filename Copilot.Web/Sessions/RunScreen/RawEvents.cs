using System.Text;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>
/// The events of a run as they were recorded, for who looks into how it worked. Read from the log in pages after a number; nothing but what
/// is on the screen is held.
/// </summary>
/// <param name="read">Reads the events of the run, which the caller may see.</param>
/// <param name="first">Seq of its first event: 1, but for a clip.</param>
/// <param name="revoked">Fires when they may no longer: then nothing is read any more.</param>
public sealed class RawEvents(ReadRunEvents read, long first, CancellationToken revoked)
{
    /// <summary>The most characters of a payload that are shown.</summary>
    public const int LongestPayload = 200_000;

    private const int Page = 500;
    private const int BeginningLength = 100;

    /// <summary>What a filter shows, before anything was searched.</summary>
    public RawEventMatches Find(RawEventFilter filter) => new(filter, first);

    /// <summary>Searches the log for what a filter shows, on from where it was searched already.</summary>
    /// <param name="matches">What was found so far.</param>
    /// <param name="head">Seq of the newest event.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="OperationCanceledException">The search was stopped, or the permission has ended.</exception>
    public async Task SearchAsync(RawEventMatches matches, long head, CancellationToken cancellationToken)
    {
        if (matches.Filter == RawEventFilter.None)
        {
            matches.Reach(head);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, revoked);
        while (matches.SearchedTo < head)
        {
            var page = await read(matches.SearchedTo, Page, either.Token);
            if (page.Count == 0)
            {
                return;
            }

            foreach (var runEvent in page.Where(matches.Filter.Matches))
            {
                matches.Add(runEvent.Seq);
            }

            matches.Reach(page[^1].Seq);
        }
    }

    /// <summary>The rows of these events, in the order of their numbers. One that is not there is left out.</summary>
    /// <param name="seqs">Their numbers, in order.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="OperationCanceledException">The reading was stopped, or the permission has ended.</exception>
    public async Task<IReadOnlyList<RawEvent>> ReadAsync(IReadOnlyList<long> seqs, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, revoked);
        var rows = new List<RawEvent>(seqs.Count);
        RunEvent? before = null;
        for (var place = 0; place < seqs.Count;)
        {
            // Neighbours come in one page, with the one before them for the time in between.
            var (from, count) = (seqs[place], 1);
            while (place + count < seqs.Count && seqs[place + count] == from + count)
            {
                count++;
            }

            var after = before?.Seq == from - 1 ? from - 1 : Math.Max(0, from - 2);
            var page = await read(after, (int)(from + count - 1 - after), either.Token);
            if (page.Count == 0)
            {
                place += count;
                continue;
            }

            foreach (var runEvent in page)
            {
                if (runEvent.Seq >= from)
                {
                    rows.Add(RowOf(runEvent, before?.Seq == runEvent.Seq - 1 ? before : null));
                }

                before = runEvent;
            }

            // A page that is full of large events is shorter than was asked for.
            place += (int)Math.Max(0, page[^1].Seq - from + 1);
        }

        return rows;
    }

    /// <summary>An event with its payload, or null where there is none of this number.</summary>
    /// <exception cref="OperationCanceledException">The reading was stopped, or the permission has ended.</exception>
    public async Task<RawEventDetails?> FindAsync(long seq, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, revoked);
        var page = await read(Math.Max(0, seq - 2), seq > 1 ? 2 : 1, either.Token);
        if (page.Count > 0 && page[^1].Seq < seq)
        {
            // The one before it has filled the page.
            page = [.. page, .. await read(seq - 1, 1, either.Token)];
        }

        if (page.Count == 0 || page[^1] is not { } found || found.Seq != seq)
        {
            return null;
        }

        var payload = found.IsErased ? null : Encoding.UTF8.GetString(found.Data.Span);
        return new RawEventDetails(
            RowOf(found, page.Count > 1 ? page[^2] : null),
            found.ResponseId,
            found.CallId,
            payload?.Length > LongestPayload ? payload[..LongestPayload] : payload,
            payload?.Length > LongestPayload);
    }

    private static RawEvent RowOf(RunEvent runEvent, RunEvent? before) => new(
        runEvent.Seq,
        runEvent.At,
        before is null ? null : runEvent.At - before.At,
        runEvent.Source,
        runEvent.Actor,
        runEvent.Type,
        runEvent.Data.Length,
        BeginningOf(runEvent.Data.Span));

    private static string BeginningOf(ReadOnlySpan<byte> data)
    {
        // Four bytes make a character at most; half of one at the end is cut with the rest.
        var text = Encoding.UTF8.GetString(data[..Math.Min(data.Length, BeginningLength * 4)]);
        return text.Length <= BeginningLength ? text : text[..BeginningLength];
    }
}
