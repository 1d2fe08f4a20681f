using Copilot.Domain.Audit.Chains;
using Copilot.Domain.Audit.Checkpoints;

namespace Copilot.Domain.Audit;

/// <summary>Verifies everything that is stored: the checkpoints, what they seal, and each chain.</summary>
/// <param name="store">What is stored.</param>
/// <param name="keys">The public keys.</param>
public sealed class AuditVerification(IAuditStore store, ICheckpointKeys keys)
{
    private const int PageSize = 500;

    // Rows are tried against gaps, each against each; a database with more of them is not told apart that finely.
    private const int MostMatched = 2_000;

    /// <summary>Verifies a range.</summary>
    /// <param name="range">Which runs.</param>
    /// <param name="exported">Checkpoints that were exported, and stored elsewhere since.</param>
    /// <param name="progress">Called after each run, on any thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Copilot.Domain.Runs.Log.StorageUnavailableException">The database cannot be read.</exception>
    public async Task<AuditReport> RunAsync(
        AuditRange range, IReadOnlyList<ExportedCheckpoint> exported, Action<AuditProgress> progress, CancellationToken cancellationToken)
    {
        var checkpoints = await ReadCheckpointsAsync(exported, cancellationToken).ConfigureAwait(false);
        var findings = new List<AuditFinding>(checkpoints.Finish(await store.ReadNewestHeadAsync(cancellationToken).ConfigureAwait(false)));
        var gaps = new List<ChainGap>();
        var strays = new List<ChainStray>();

        async Task<long> CheckAsync(AuditedChain chain)
        {
            await using var open = chain.ConfigureAwait(false);
            var check = new ChainCheck(chain.Facts);
            await foreach (var link in chain.Rows.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                check.Add(link);
            }

            findings.AddRange(check.Finish());
            gaps.AddRange(check.Gaps);
            strays.AddRange(check.Strays);
            return check.Count;
        }

        var entries = await CheckAsync(await store.OpenAccessLogAsync(checkpoints.Wrong, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        var deletions = await store.ReadDeletionsAsync(cancellationToken).ConfigureAwait(false);
        findings.AddRange(deletions.Where(one => !checkpoints.Wrong.Contains(one.Checkpoint)).Select(Compare).OfType<AuditFinding>());

        var ofRuns = await store.CountRunsAsync(range, cancellationToken).ConfigureAwait(false);
        var (runs, events) = (0L, 0L);
        progress(new AuditProgress(runs, ofRuns, events, findings.Count));
        for (var after = ""; await store.ReadRunIdsAsync(range, after, PageSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } ids; after = ids[^1])
        {
            foreach (var id in ids)
            {
                events += await CheckAsync(await store.OpenRunAsync(id, checkpoints.Wrong, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                progress(new AuditProgress(++runs, ofRuns, events, findings.Count));
            }
        }

        return new AuditReport(runs, events, entries, deletions.Count, checkpoints.Count, checkpoints.NewestAt, Match(findings, gaps, strays));
    }

    private async Task<CheckpointCheck> ReadCheckpointsAsync(IReadOnlyList<ExportedCheckpoint> exported, CancellationToken cancellationToken)
    {
        var check = new CheckpointCheck(keys, exported);
        for (var after = 0L; await store.ReadCheckpointsAsync(after, PageSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page; after = page[^1].Checkpoint.Number)
        {
            foreach (var one in page)
            {
                check.Add(one.Checkpoint, one.Heads);
            }
        }

        return check;
    }

    private static AuditFinding? Compare(DeletionSeal seal) => seal.Stored is not { } stored
        ? new AuditFinding(AuditFindingKind.DeletionRemoved, seal.DeletionId, null, null) { Checkpoint = seal.Checkpoint }
        : stored.Span.SequenceEqual(seal.Sealed.Span) ? null
        : new AuditFinding(AuditFindingKind.DeletionChanged, seal.DeletionId, null, null) { Checkpoint = seal.Checkpoint };

    // What is missing in one chain may stand in another.
    private static List<AuditFinding> Match(List<AuditFinding> findings, List<ChainGap> gaps, List<ChainStray> strays)
    {
        var left = strays.Take(MostMatched).ToList();
        foreach (var gap in gaps.Take(MostMatched))
        {
            var (at, previous) = (gap.Finding.From!.Value, gap.Previous);
            var moved = new List<AuditFinding>();
            while (at <= gap.Finding.To && left.Find(stray => stray.Link.Fits(gap.Finding.Chain, at, previous)) is { } found)
            {
                left.Remove(found);
                findings.Remove(found.Finding);
                moved.Add(new AuditFinding(AuditFindingKind.MovedToOtherChain, gap.Finding.Chain, at, at)
                {
                    OtherChain = found.Finding.Chain,
                    Other = found.Link.Seq,
                    Checkpoint = gap.Finding.Checkpoint,
                });
                (at, previous) = (at + 1, found.Link.Hash);
            }

            if (moved.Count > 0)
            {
                var place = findings.IndexOf(gap.Finding);
                findings.RemoveAt(place);
                findings.InsertRange(place, at <= gap.Finding.To ? [.. moved, gap.Finding with { From = at }] : moved);
            }
        }

        return findings;
    }
}
