using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Log;

/// <summary>The durable log of all runs. Storage implements it; the key <c>(run_id, seq)</c> is the fence between owners.</summary>
public interface IRunEventStore
{
    /// <summary>
    /// Commits all appends in one transaction. A run whose first event is <c>run.created</c> is created, with its session
    /// where that does not exist yet.
    /// </summary>
    /// <exception cref="RunForkedException">A run's head is not where the append continues: somebody else wrote it. Nothing was committed.</exception>
    /// <exception cref="SessionTakenException">A new run's session belongs to somebody else or was deleted. Nothing was committed.</exception>
    /// <exception cref="StorageUnavailableException">The database could not commit (disk full, locked, gone). Nothing was committed; try again later.</exception>
    Task AppendAsync(IReadOnlyList<RunAppend> appends, CancellationToken cancellationToken);

    /// <summary>The size at which a page ends, in bytes of event data: a page holds less than this and one event more.</summary>
    const long PageBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Reads events after <paramref name="after"/>, in order (a keyset page): at most <paramref name="limit"/>, and fewer once
    /// they have <see cref="PageBytes"/>. Only an empty page says that there are no more.
    /// </summary>
    Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="ReadAsync"/>, but the pieces that answers came in (deltas, partial images) may be left out, so that a long answer
    /// costs little.
    /// </summary>
    Task<IReadOnlyList<RunEvent>> ReadWithoutPiecesAsync(string runId, long after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(runId, after, limit, cancellationToken);

    /// <summary>The hash of an event that has its data, or null where it was erased or there is none. Reads no data.</summary>
    Task<byte[]?> FindHashAsync(string runId, long seq, CancellationToken cancellationToken);

    /// <summary>Opens a long text of an event. The thread waits for the database.</summary>
    /// <exception cref="IOException">It is not there any more, or cannot be read now.</exception>
    Stream OpenText(EventText text);

    /// <summary>The newest event of a run (to continue its chain), or null.</summary>
    Task<RunEvent?> ReadHeadAsync(string runId, CancellationToken cancellationToken);

    /// <summary>The run's summary, or null where there is none.</summary>
    Task<RunSummary?> FindAsync(string runId, CancellationToken cancellationToken);

    /// <summary>All runs that have not ended: what a restart has to recover.</summary>
    Task<IReadOnlyList<RunSummary>> ReadUnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>All interrupted runs, oldest first.</summary>
    Task<IReadOnlyList<RunSummary>> ReadInterruptedAsync(CancellationToken cancellationToken);

    /// <summary>All runs of one session, oldest first.</summary>
    Task<IReadOnlyList<RunSummary>> ReadSessionAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>The same without what the runs say: costs little, however much that is.</summary>
    async Task<IReadOnlyList<RunHead>> ReadSessionHeadsAsync(string sessionId, CancellationToken cancellationToken) =>
        [.. (await ReadSessionAsync(sessionId, cancellationToken).ConfigureAwait(false)).Select(RunHead.Of)];
}
