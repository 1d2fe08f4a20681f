using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;

namespace Copilot.Domain.Runs.Input;

/// <summary>The conversation before a run: the fold of its chain of ancestors, oldest first.</summary>
internal sealed class SessionHistory(IRunEventStore store, StorageReads reads)
{
    private const int PageEvents = 1_000;

    private delegate Task<IReadOnlyList<RunEvent>> ReadPage(string runId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Input items of all ancestors.</summary>
    /// <param name="parentRunId">The run's parent, or null for a first run.</param>
    /// <param name="parentSeq">The parent's seq up to which it counts; null for all of it.</param>
    /// <param name="upstreamStores">Whether the upstream stores responses (<c>store</c>).</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlyList<InputItem>> ReadAsync(
        string? parentRunId, long? parentSeq, bool upstreamStores, CancellationToken cancellationToken)
    {
        var chain = new Stack<IReadOnlyList<InputItem>>();
        var seen = new HashSet<string>();
        var omissions = new List<InputOmitted>();
        while (parentRunId is not null && seen.Add(parentRunId))
        {
            var id = parentRunId;
            var run = await reads.ReadAsync(token => store.FindAsync(id, token), cancellationToken).ConfigureAwait(false);
            if (run is null)
            {
                break;
            }

            var fold = await ReadRunAsync(parentRunId, parentSeq ?? run.HeadSeq, upstreamStores, cancellationToken).ConfigureAwait(false);
            chain.Push([.. omissions.Aggregate(fold.Close().AsEnumerable(), InputFold.Without)]);
            omissions.AddRange(fold.Omissions);
            if (fold.IsWhole)
            {
                break;
            }

            (parentRunId, parentSeq) = (run.ParentRunId, run.ParentSeq);
        }

        return [.. chain.SelectMany(items => items)];
    }

    private async Task<InputFold> ReadRunAsync(
        string runId, long through, bool upstreamStores, CancellationToken cancellationToken)
    {
        // Most of a log are the pieces of answers, which say nothing that is not said again at the answer's end.
        var whole = new WholeResponses();
        var fold = await FoldAsync(store.ReadWithoutPiecesAsync, whole.Apply).ConfigureAwait(false);
        return whole.NeedsPieces ? await FoldAsync(store.ReadAsync, _ => { }).ConfigureAwait(false) : fold;

        async Task<InputFold> FoldAsync(ReadPage read, Action<RunEvent> look)
        {
            var fold = new InputFold(upstreamStores);
            await foreach (var runEvent in ReadEventsAsync(runId, read, cancellationToken).ConfigureAwait(false))
            {
                if (runEvent.Seq <= through)
                {
                    fold.Apply(runEvent);
                    look(runEvent);
                }

                if (runEvent.Seq >= through)
                {
                    break;
                }
            }

            return fold;
        }
    }

    /// <summary>All events of a run, page by page.</summary>
    public IAsyncEnumerable<RunEvent> ReadEventsAsync(string runId, CancellationToken cancellationToken) =>
        ReadEventsAsync(runId, store.ReadAsync, cancellationToken);

    /// <summary>A run's events without the pieces of its answers, page by page.</summary>
    public IAsyncEnumerable<RunEvent> ReadWithoutPiecesAsync(string runId, CancellationToken cancellationToken) =>
        ReadEventsAsync(runId, store.ReadWithoutPiecesAsync, cancellationToken);

    private async IAsyncEnumerable<RunEvent> ReadEventsAsync(
        string runId, ReadPage read, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = 0L;
        while (true)
        {
            var from = after;
            var page = await reads.ReadAsync(token => read(runId, from, PageEvents, token), cancellationToken).ConfigureAwait(false);
            foreach (var runEvent in page)
            {
                yield return runEvent;
            }

            if (page.Count == 0)
            {
                yield break;
            }

            after = page[^1].Seq;
        }
    }
}
