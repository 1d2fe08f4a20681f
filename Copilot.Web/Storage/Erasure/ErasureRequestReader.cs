using Copilot.Domain.Erasure.Records;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Erasure;

/// <summary>Reads erasure requests, in the order of the query.</summary>
internal sealed class ErasureRequestReader(IDbContextFactory<CopilotDbContext> contexts)
{
    /// <summary>Requests without the counts of what they have done, for who looks for work.</summary>
    public async Task<IReadOnlyList<ErasureRequest>> ReadUncountedAsync(
        Func<CopilotDbContext, IQueryable<ErasureRequestRow>> which, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await which(db).AsNoTracking().ToListAsync(cancellationToken);
        return rows.ConvertAll(row => ErasureMapping.ToRequest(row, default));
    }

    /// <summary>Requests with the counts of what they have done.</summary>
    public async Task<IReadOnlyList<ErasureRequest>> ReadAsync(
        Func<CopilotDbContext, IQueryable<ErasureRequestRow>> which, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await which(db).AsNoTracking().ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(row => row.Id);
        var runs = await db.ErasedRuns.AsNoTracking()
            .Where(row => ids.Contains(row.ForgettingId))
            .GroupBy(row => row.ForgettingId)
            .Select(group => new { Id = group.Key, Runs = group.Count(), Erased = group.Count(row => row.ErasedAt != null) })
            .ToDictionaryAsync(group => group.Id, cancellationToken);
        var responses = (await db.ErasedResponses.AsNoTracking()
            .Where(row => ids.Contains(row.ForgettingId))
            .GroupBy(row => new { row.ForgettingId, row.State })
            .Select(group => new { group.Key.ForgettingId, group.Key.State, Count = group.Count() })
            .ToListAsync(cancellationToken))
            .ToDictionary(group => (group.ForgettingId, group.State), group => group.Count);
        return rows.ConvertAll(row => ErasureMapping.ToRequest(row, new ErasureCounts(
            runs.GetValueOrDefault(row.Id)?.Runs ?? 0,
            runs.GetValueOrDefault(row.Id)?.Erased ?? 0,
            Count(row, ErasureProofState.Verified),
            Count(row, ErasureProofState.Pending),
            Count(row, ErasureProofState.Failed),
            Count(row, ErasureProofState.Unproven))));

        int Count(ErasureRequestRow row, ErasureProofState state) =>
            responses.GetValueOrDefault((row.Id, ErasureMapping.Wire(state)));
    }
}
