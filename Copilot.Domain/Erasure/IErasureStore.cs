using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Erasure;

/// <summary>
/// Stores erasure requests and their proof, and removes content. Every change is one short, independent transaction: after a crash the
/// work continues where it stopped.
/// </summary>
public interface IErasureStore
{
    /// <summary>The owner of a conversation, including a deleted one; null if there is none.</summary>
    Task<RunOwner?> FindOwnerAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a request. If an earlier one for the conversation is still removing content, or nothing is left to remove, returns the newest
    /// one instead. A deletion also removes the conversation from its owner's list, in the same transaction.
    /// </summary>
    /// <exception cref="LegalHoldException">
    /// The conversation is under a legal hold. Nothing has changed. One of a fork (<see cref="ErasureCause.Fork"/>) is added and waits.
    /// </exception>
    Task<ErasureRequest> AddAsync(ErasureRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Conversations with content that were forked from a run whose content has been removed, and that nobody has asked to erase, a few
    /// at a time.
    /// </summary>
    Task<IReadOnlyList<string>> ReadForksOfErasedAsync(CancellationToken cancellationToken);

    /// <summary>Requests whose content is still here, the oldest first, without their counts.</summary>
    Task<IReadOnlyList<ErasureRequest>> ReadToEraseAsync(CancellationToken cancellationToken);

    /// <summary>Requests that wait for the upstream only, the earliest due first, without their counts.</summary>
    Task<IReadOnlyList<ErasureRequest>> ReadToVerifyAsync(CancellationToken cancellationToken);

    /// <summary>One request, or null.</summary>
    Task<ErasureRequest?> FindAsync(string erasureId, CancellationToken cancellationToken);

    /// <summary>Those of these requests that exist, newest first.</summary>
    Task<IReadOnlyList<ErasureRequest>> FindManyAsync(IReadOnlyCollection<string> erasureIds, CancellationToken cancellationToken);

    /// <summary>The newest request for a conversation, or null.</summary>
    Task<ErasureRequest?> FindNewestAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>A page of all requests, newest first: those with an id below <paramref name="before"/> (ids sort by time), or the first page.</summary>
    Task<IReadOnlyList<ErasureRequest>> ListAsync(string? before, int limit, CancellationToken cancellationToken);

    /// <summary>The runs of a request, oldest first.</summary>
    Task<IReadOnlyList<ErasedRun>> ReadRunsAsync(string erasureId, CancellationToken cancellationToken);

    /// <summary>The responses of a request, by run and seq.</summary>
    Task<IReadOnlyList<ErasedResponse>> ReadResponsesAsync(string erasureId, CancellationToken cancellationToken);

    /// <summary>Saves a request; its counts are not saved.</summary>
    Task SaveAsync(ErasureRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a request that is not due yet, or whose content has been removed before, and returns the conversation to its owner's list.
    /// False when it has begun, or is about to.
    /// </summary>
    Task<bool> UndoAsync(string erasureId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Deletes a request that has not started, and what was recorded for it.</summary>
    Task WithdrawAsync(string erasureId, CancellationToken cancellationToken);

    /// <summary>Records a run and its responses before any content is removed. Does nothing if already recorded.</summary>
    Task PlanAsync(ErasedRun run, IReadOnlyList<ErasedResponse> responses, CancellationToken cancellationToken);

    /// <summary>Removes the content of the next events of a run, and what was made of all of them to be shown, in one transaction.</summary>
    /// <returns>Seq of the last event processed; null when there were none after <paramref name="after"/>.</returns>
    Task<long?> EraseEventsAsync(string runId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>True while there is something that was made of a run's events to be shown.</summary>
    Task<bool> HasCopyAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Removes the rest of a run's content: its text in the summary, in the search index and in its conversation's title.</summary>
    /// <param name="run">The run as recorded, with its current state.</param>
    /// <param name="summary">The summary that remains.</param>
    /// <param name="cancellationToken">Cancels before it has started.</param>
    Task EraseRunAsync(ErasedRun run, RunSummary summary, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the deleted content from the database files as well. False when a reader still needs an older state; try again later.
    /// </summary>
    Task<bool> ScrubAsync(CancellationToken cancellationToken);

    /// <summary>Saves a response's state.</summary>
    Task SaveAsync(ErasedResponse response, CancellationToken cancellationToken);

    /// <summary>Makes the requests that wait for the upstream only wait until this time, at least.</summary>
    Task PostponeAsync(DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Makes all unproven responses of a request due now.</summary>
    Task MakeDueAsync(string erasureId, DateTimeOffset now, CancellationToken cancellationToken);
}
