using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Erasure;

/// <summary>
/// The durable list of what is to be forgotten, the proof of what was, and the removing itself. Every change is one short
/// transaction that stands alone: after a crash the work goes on where it was.
/// </summary>
public interface IErasureStore
{
    /// <summary>Whose a conversation is, also of one that was deleted; null where there is none.</summary>
    Task<RunOwner?> FindOwnerAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a forgetting on the list. Where one of the same conversation has not removed everything yet, or nothing is left to remove,
    /// gives the newest there is. A deletion also takes the conversation off its owner's list, in the same transaction.
    /// </summary>
    Task<ErasureRequest> AddAsync(ErasureRequest forgetting, CancellationToken cancellationToken);

    /// <summary>Conversations of which something is left to forget and of which every run's last event is older than this, those that are on the list already left out.</summary>
    Task<IReadOnlyList<string>> ReadDueSessionsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Those that are not over, the one that is due first first.</summary>
    Task<IReadOnlyList<ErasureRequest>> ReadOpenAsync(CancellationToken cancellationToken);

    /// <summary>One forgetting, or null.</summary>
    Task<ErasureRequest?> FindAsync(string forgettingId, CancellationToken cancellationToken);

    /// <summary>The newest forgetting of a conversation, or null.</summary>
    Task<ErasureRequest?> FindNewestAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>A page of all of them, the newest first: those whose id is below <paramref name="before"/> (ids sort by time), or the first ones.</summary>
    Task<IReadOnlyList<ErasureRequest>> ListAsync(string? before, int limit, CancellationToken cancellationToken);

    /// <summary>The runs of a forgetting, oldest first.</summary>
    Task<IReadOnlyList<ErasedRun>> ReadRunsAsync(string forgettingId, CancellationToken cancellationToken);

    /// <summary>The responses of a forgetting, by run and seq.</summary>
    Task<IReadOnlyList<ErasedResponse>> ReadResponsesAsync(string forgettingId, CancellationToken cancellationToken);

    /// <summary>Keeps a forgetting as it is now; its counts are not kept.</summary>
    Task SaveAsync(ErasureRequest forgetting, CancellationToken cancellationToken);

    /// <summary>Takes a forgetting off the list that has not begun.</summary>
    Task WithdrawAsync(string forgettingId, CancellationToken cancellationToken);

    /// <summary>Notes a run and its responses, before anything of it is removed. Does nothing where that was done.</summary>
    Task PlanAsync(ErasedRun run, IReadOnlyList<ErasedResponse> responses, CancellationToken cancellationToken);

    /// <summary>Removes the content of the next events of a run in one transaction.</summary>
    /// <returns>Seq of the last one it looked at; null when there were none after <paramref name="after"/>.</returns>
    Task<long?> EraseEventsAsync(string runId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Removes what else is kept of a run: its words in its summary, in the search and in its conversation's title.</summary>
    /// <param name="run">The run as it was noted, with what is known now.</param>
    /// <param name="summary">What stays of it.</param>
    /// <param name="cancellationToken">Gives up before it has begun.</param>
    Task EraseRunAsync(ErasedRun run, RunSummary summary, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the files themselves free of what was removed. False when somebody reads them right now, so that older states must
    /// stay; then it is to be tried again.
    /// </summary>
    Task<bool> ScrubAsync(CancellationToken cancellationToken);

    /// <summary>Keeps what is known of a response now.</summary>
    Task SaveAsync(ErasedResponse response, CancellationToken cancellationToken);

    /// <summary>Makes everything of a forgetting that is not proven yet due now.</summary>
    Task HurryAsync(string forgettingId, DateTimeOffset now, CancellationToken cancellationToken);
}
