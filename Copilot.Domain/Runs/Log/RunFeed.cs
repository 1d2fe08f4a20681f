using System.Runtime.CompilerServices;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Log;

/// <inheritdoc cref="IRunFeed"/>
internal sealed class RunFeed(RunLogs logs, IRunEventStore store) : IRunFeed
{
    private const int PageEvents = 500;

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<RunEvent>> FollowAsync(
        string runId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var holder = logs.Hold(runId);
        var cursor = after;
        var mayHaveEnded = true;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // The signal is taken before the look: a publish after the look completes it.
            var changed = holder.Log.Changed;
            var batch = holder.Log.Read(cursor)
                ?? await store.ReadAsync(runId, cursor, PageEvents, cancellationToken).ConfigureAwait(false);
            if (batch.Count == 0)
            {
                // Only a cursor that started at the end can miss the terminal event; it asks once.
                if (mayHaveEnded && await HasEndedAsync(runId, cursor, cancellationToken).ConfigureAwait(false))
                {
                    yield break;
                }

                mayHaveEnded = false;
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            foreach (var runEvent in batch)
            {
                if (runEvent.Seq != cursor + 1)
                {
                    throw new InvalidOperationException($"Run {runId} has a hole after event {cursor}.");
                }

                cursor = runEvent.Seq;
            }

            yield return batch;
            if (RunEventTypes.IsTerminal(batch[^1].Type))
            {
                yield break;
            }

            mayHaveEnded = false;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TryReadEndedAsync(string runId, Action<IReadOnlyList<RunEvent>> take, CancellationToken cancellationToken)
    {
        var whole = new WholeResponses();
        var hasEnded = false;
        var cursor = 0L;
        while (await store.ReadWithoutPiecesAsync(runId, cursor, PageEvents, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var runEvent in page)
            {
                whole.Apply(runEvent);
            }

            if (whole.MissesWhatPeopleSee)
            {
                return false;
            }

            take(page);
            cursor = page[^1].Seq;
            hasEnded = RunEventTypes.IsTerminal(page[^1].Type);
        }

        return hasEnded && !whole.NeedsPieces;
    }

    private async Task<bool> HasEndedAsync(string runId, long cursor, CancellationToken cancellationToken)
    {
        var run = await store.FindAsync(runId, cancellationToken).ConfigureAwait(false);
        return run is null || (run.Status.IsTerminal() && run.HeadSeq <= cursor);
    }
}
