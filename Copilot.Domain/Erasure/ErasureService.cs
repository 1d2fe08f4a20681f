using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Erasure;

/// <summary>
/// Requests to erase conversations, and their records. Every call checks <see cref="RunAction.Erase"/> with <see cref="IRunAccess"/>:
/// allowed for the conversation's owner and admins; for everyone else it does not exist.
/// </summary>
public sealed class ErasureService
{
    // Owned by no one: only people who may erase every conversation have access.
    private static readonly RunOwner s_anyOwner = new("", "");

    private readonly IErasureStore _store;
    private readonly IRunAccess _access;
    private readonly ErasureChanges _changes;
    private readonly TimeProvider _time;

    internal ErasureService(IErasureStore store, IRunAccess access, ErasureChanges changes, TimeProvider time) =>
        (_store, _access, _changes, _time) = (store, access, changes, time);

    /// <summary>Follows the progress of a conversation's requests, or of all. It tells only that something has changed, so it checks no access.</summary>
    /// <param name="sessionId">The conversation; null for all.</param>
    public ErasureWatch Watch(string? sessionId) => _changes.Watch(sessionId);

    /// <summary>
    /// Requests the erasure of a conversation. A repeated request changes nothing. Returns once the request is committed; read its
    /// progress with <see cref="FindAsync"/>.
    /// </summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="sessionId">The conversation.</param>
    /// <param name="delete">Also removes it from its owner's list, at once.</param>
    /// <param name="cancellationToken">Cancels before the commit.</param>
    /// <returns>The request, or null if this person has no such conversation.</returns>
    /// <exception cref="LegalHoldException">The conversation is under a legal hold. Nothing has changed.</exception>
    public Task<ErasureRequest?> RequestAsync(string userId, string sessionId, bool delete, CancellationToken cancellationToken) =>
        RequestAsync(userId, sessionId, delete, TimeSpan.Zero, cancellationToken);

    /// <summary>The same with a time in which it can be undone: nothing is erased before it is over.</summary>
    /// <inheritdoc cref="RequestAsync(string, string, bool, CancellationToken)"/>
    public async Task<ErasureRequest?> RequestAsync(
        string userId, string sessionId, bool delete, TimeSpan undoPeriod, CancellationToken cancellationToken)
    {
        if (await _store.FindOwnerAsync(sessionId, cancellationToken).ConfigureAwait(false) is not { } owner
            || await _access.TryAcquireAsync(userId, owner, RunAction.Erase, cancellationToken).ConfigureAwait(false) is not { } lease)
        {
            return null;
        }

        var now = RunTime.Now(_time);
        var request = await _store.AddAsync(
            new ErasureRequest
            {
                Id = RunIds.New("fgt_", _time),
                SessionId = sessionId,
                Owner = owner,
                Cause = delete ? ErasureCause.Deletion : ErasureCause.Person,
                RequestedBy = lease.Actor,
                RequestedAt = now,
                NextAt = now + undoPeriod,
            },
            cancellationToken).ConfigureAwait(false);
        _changes.ToErase.Set();
        _changes.Publish(request);
        return request;
    }

    /// <summary>
    /// Takes a request back that has not begun, and puts the conversation back into its owner's list. False if it has begun, or there is
    /// no such request for this person.
    /// </summary>
    public async Task<bool> UndoAsync(string userId, string erasureId, CancellationToken cancellationToken)
    {
        if (await _store.FindAsync(erasureId, cancellationToken).ConfigureAwait(false) is not { } request
            || !await IsAllowedAsync(userId, request.Owner, cancellationToken).ConfigureAwait(false)
            || !await _store.UndoAsync(erasureId, RunTime.Now(_time), cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        _changes.Publish(request);
        return true;
    }

    /// <summary>The newest request for a conversation, or null if there is none for this person.</summary>
    public async Task<ErasureRequest?> FindAsync(string userId, string sessionId, CancellationToken cancellationToken) =>
        await IsAllowedAsync(userId, sessionId, cancellationToken).ConfigureAwait(false)
            ? await _store.FindNewestAsync(sessionId, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>The deletion record, or null if there is none for this person.</summary>
    public async Task<ErasureRecord?> FindRecordAsync(string userId, string erasureId, CancellationToken cancellationToken) =>
        await _store.FindAsync(erasureId, cancellationToken).ConfigureAwait(false) is { } request
        && await IsAllowedAsync(userId, request.Owner, cancellationToken).ConfigureAwait(false)
            ? new ErasureRecord(
                request,
                await _store.ReadRunsAsync(erasureId, cancellationToken).ConfigureAwait(false),
                await _store.ReadResponsesAsync(erasureId, cancellationToken).ConfigureAwait(false))
            : null;

    /// <summary>A page of all requests, newest first; null for anyone who is not an admin.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="before">Id of the last one on the previous page, or null.</param>
    /// <param name="limit">Largest number to return.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<ErasureRequest>?> ListAsync(string userId, string? before, int limit, CancellationToken cancellationToken) =>
        await IsAllowedAsync(userId, s_anyOwner, cancellationToken).ConfigureAwait(false)
            ? await _store.ListAsync(before, limit, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Those of these requests that exist; null for anyone who is not an admin.</summary>
    public async Task<IReadOnlyList<ErasureRequest>?> FindManyAsync(
        string userId, IReadOnlyCollection<string> erasureIds, CancellationToken cancellationToken) =>
        await IsAllowedAsync(userId, s_anyOwner, cancellationToken).ConfigureAwait(false)
            ? await _store.FindManyAsync(erasureIds, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Retries unproven deletions now instead of waiting. False if there is no such request for this person.</summary>
    public async Task<bool> RetryAsync(string userId, string erasureId, CancellationToken cancellationToken)
    {
        if (await _store.FindAsync(erasureId, cancellationToken).ConfigureAwait(false) is not { } request
            || !await IsAllowedAsync(userId, request.Owner, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await _store.MakeDueAsync(erasureId, RunTime.Now(_time), cancellationToken).ConfigureAwait(false);
        _changes.ToErase.Set();
        _changes.ToVerify.Set();
        _changes.Publish(request);
        return true;
    }

    private async Task<bool> IsAllowedAsync(string userId, string sessionId, CancellationToken cancellationToken) =>
        await _store.FindOwnerAsync(sessionId, cancellationToken).ConfigureAwait(false) is { } owner
        && await IsAllowedAsync(userId, owner, cancellationToken).ConfigureAwait(false);

    private async Task<bool> IsAllowedAsync(string userId, RunOwner owner, CancellationToken cancellationToken) =>
        await _access.TryAcquireAsync(userId, owner, RunAction.Erase, cancellationToken).ConfigureAwait(false) is not null;
}
