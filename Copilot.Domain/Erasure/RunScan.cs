using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;

namespace Copilot.Domain.Erasure;

/// <summary>The result of reading a run's whole log: whether its chain verifies, how much content it has, and what it left upstream.</summary>
internal sealed record RunScan(bool ChainHolds, long Events, long Bytes, string HeadHash, IReadOnlyList<UpstreamResponse> Responses)
{
    private const int PageEvents = 1_000;

    /// <summary>Reads page by page. Erased content does not break a chain.</summary>
    public static async Task<RunScan> ReadAsync(IRunEventStore store, string runId, CancellationToken cancellationToken)
    {
        var responses = new StoredResponseFold();
        var (holds, bytes, seq, hash) = (true, 0L, 0L, RunEventChain.Start);
        while (true)
        {
            var page = await store.ReadAsync(runId, seq, PageEvents, cancellationToken).ConfigureAwait(false);
            foreach (var runEvent in page)
            {
                holds &= runEvent.Seq == seq + 1 && RunEventChain.Verify(runEvent, hash);
                (seq, hash) = (runEvent.Seq, runEvent.Hash);
                bytes += runEvent.Data.Length;
                responses.Apply(runEvent);
            }

            if (page.Count == 0)
            {
                return new RunScan(holds, seq, bytes, Convert.ToHexStringLower(hash.Span), responses.Responses);
            }
        }
    }
}
