using Copilot.Domain.Audit;
using Copilot.Domain.Audit.Checkpoints;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Audit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Copilot.Web.Audit;

/// <summary>Seals the heads of what was written since the checkpoint before: of runs, of the access log, of finished deletion records.</summary>
internal sealed class CheckpointMaker(
    IDbContextFactory<CopilotDbContext> contexts, ChangedChains changed, ICheckpointSigner signer, LastCheckpoint last, TimeProvider time)
{
    // Rows that one transaction writes, so that others can write in between.
    private const int MostHeads = 500;

    /// <summary>Finds the runs and the finished deletions that no checkpoint has sealed as they are: those of before there were any, and those of a crash. Once, at start.</summary>
    public async Task FindUnsealedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await FindAsync(
            after => db.Runs.AsNoTracking()
                .Where(run => run.Id.CompareTo(after) > 0 && !db.SealedHeads.Any(head => head.Chain == run.Id && head.Seq == run.HeadSeq))
                .Select(run => run.Id),
            cancellationToken);
        await FindAsync(
            after => db.ErasureRequests.AsNoTracking()
                .Where(row => row.Id.CompareTo(after) > 0 && row.FinishedAt != null && !db.SealedHeads.Any(head => head.Chain == row.Id))
                .Select(row => row.Id),
            cancellationToken);
    }

    private async Task FindAsync(Func<string, IQueryable<string>> behind, CancellationToken cancellationToken)
    {
        for (var after = ""; ;)
        {
            var page = await behind(after).Order().Take(MostHeads).ToListAsync(cancellationToken);
            changed.Add(page);
            if (page.Count < MostHeads)
            {
                return;
            }

            after = page[^1];
        }
    }

    /// <summary>Makes checkpoints until nothing is left to seal. Nothing is written when nothing has changed.</summary>
    /// <returns>The newest checkpoint that it made, or null.</returns>
    /// <exception cref="Copilot.Domain.Runs.Log.StorageUnavailableException">The database cannot be written; the next call seals what is left.</exception>
    /// <exception cref="IOException">The key cannot be made or read.</exception>
    public async Task<Checkpoint?> MakeAsync(CancellationToken cancellationToken)
    {
        var left = new Queue<string>(changed.Take());
        Checkpoint? newest = null;
        try
        {
            // Once also without any of them: the access log changes by itself.
            do
            {
                var ids = left.Take(MostHeads).ToList();
                newest = await SealAsync(ids, cancellationToken) ?? newest;
                ids.ForEach(_ => left.Dequeue());
            }
            while (left.Count > 0);
        }
        finally
        {
            changed.Add(left);
            if (newest is not null)
            {
                last.Write(newest);
            }
        }

        return newest;
    }

    private async Task<Checkpoint?> SealAsync(List<string> ids, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        // Looked at before the write lock is taken: most of the time there is nothing.
        var deletions = ids.Count == 0 ? [] : await db.ErasureRequests.AsNoTracking()
            .Where(row => ids.Contains(row.Id) && row.FinishedAt != null && !db.SealedHeads.Any(head => head.Chain == row.Id))
            .OrderBy(row => row.Id)
            .Select(row => row.Id)
            .ToListAsync(cancellationToken);
        if (ids.Count == 0 && !await Access(db).AnyAsync(cancellationToken))
        {
            return null;
        }

        return await db.WriteAsync(
            async token =>
            {
                var unsealed = db.Runs.AsNoTracking()
                    .Where(run => ids.Contains(run.Id) && !db.SealedHeads.Any(head => head.Chain == run.Id && head.Seq == run.HeadSeq));
                var runs = await unsealed
                    .Join(
                        db.RunEvents, run => new { RunId = run.Id, Seq = run.HeadSeq }, row => new { row.RunId, row.Seq },
                        (run, row) => new { row.RunId, row.Seq, row.Hash })
                    .ToListAsync(token);
                runs.AddRange(await unsealed
                    .Join(
                        db.RunSegments, run => new { RunId = run.Id, Seq = run.HeadSeq }, row => new { row.RunId, Seq = row.LastSeq },
                        (run, row) => new { row.RunId, Seq = row.LastSeq, Hash = row.LastHash })
                    .ToListAsync(token));
                var heads = runs.ConvertAll(row => new ChainHead(ChainKind.Run, row.RunId, row.Seq, row.Hash));
                heads.AddRange((await Access(db).ToListAsync(token)).Select(row => new ChainHead(ChainKind.Access, AccessRecord.Chain, row.Seq, row.Hash)));
                heads.AddRange(deletions.Select(id => new ChainHead(ChainKind.Deletion, id, 1, Digest(db, id))));
                if (heads.Count == 0)
                {
                    return null;
                }

                var previous = await db.Checkpoints.AsNoTracking().OrderByDescending(row => row.Number).FirstOrDefaultAsync(token);
                var checkpoint = Checkpoint.Seal(previous?.ToCheckpoint(), time.GetUtcNow(), heads, signer);
                db.Checkpoints.Add(CheckpointRow.From(checkpoint));
                db.SealedHeads.AddRange(heads.Select(head => new SealedHeadRow
                {
                    Chain = head.Chain,
                    Seq = head.Seq,
                    Kind = head.Kind,
                    Hash = head.Hash.ToArray(),
                    Checkpoint = checkpoint.Number,
                }));
                await db.SaveChangesAsync(token);
                return checkpoint;
            },
            cancellationToken);
    }

    // The newest entry, unless it is sealed.
    private static IQueryable<AccessRow> Access(CopilotDbContext db) => db.AccessLog.AsNoTracking()
        .OrderByDescending(row => row.Seq)
        .Take(1)
        .Where(row => !db.SealedHeads.Any(head => head.Chain == AccessRecord.Chain && head.Seq == row.Seq));

    private static byte[] Digest(CopilotDbContext db, string deletionId) => DeletionDigest.Compute(
        (SqliteConnection)db.Database.GetDbConnection(), (SqliteTransaction)db.Database.CurrentTransaction!.GetDbTransaction(), deletionId)!;
}
