using Copilot.Domain.Audit.Checkpoints;
using Copilot.Domain.Runs.Log;

namespace Copilot.Domain.Audit;

/// <summary>What is stored, read without changing anything, also while the server writes.</summary>
public interface IAuditStore
{
    /// <summary>How many runs a range has, those included of which only a checkpoint tells.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be read.</exception>
    Task<long> CountRunsAsync(AuditRange range, CancellationToken cancellationToken);

    /// <summary>The next ids of those runs, in the order of ids.</summary>
    Task<IReadOnlyList<string>> ReadRunIdsAsync(AuditRange range, string after, int limit, CancellationToken cancellationToken);

    /// <summary>A run. Dispose it.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="distrusted">Checkpoints whose heads say nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<AuditedChain> OpenRunAsync(string runId, IReadOnlySet<long> distrusted, CancellationToken cancellationToken);

    /// <summary>The access log. Dispose it.</summary>
    /// <param name="distrusted">Checkpoints whose heads say nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<AuditedChain> OpenAccessLogAsync(IReadOnlySet<long> distrusted, CancellationToken cancellationToken);

    /// <summary>The next checkpoints with their heads, by number.</summary>
    Task<IReadOnlyList<SealedCheckpoint>> ReadCheckpointsAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>The newest checkpoint that a stored head names, or 0.</summary>
    Task<long> ReadNewestHeadAsync(CancellationToken cancellationToken);

    /// <summary>The deletion records that were sealed.</summary>
    Task<IReadOnlyList<DeletionSeal>> ReadDeletionsAsync(CancellationToken cancellationToken);
}
