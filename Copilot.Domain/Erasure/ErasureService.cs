using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Erasure;

/// <summary>
/// What people ask about forgetting. Every call asks <see cref="IRunAccess"/> for <see cref="RunAction.Forget"/>: a conversation's
/// owner may, and admins; for everybody else it does not exist.
/// </summary>
public sealed class ErasureService
{
    // Belongs to nobody: only those who may forget everybody's may forget it.
    private static readonly RunOwner s_everybody = new("", "");

    private readonly IErasureStore _store;
    private readonly IRunAccess _access;
    private readonly AsyncSignal _signal;
    private readonly TimeProvider _time;

    internal ErasureService(IErasureStore store, IRunAccess access, AsyncSignal signal, TimeProvider time) =>
        (_store, _access, _signal, _time) = (store, access, signal, time);

    /// <summary>Completes when some forgetting has come further. Take it before looking.</summary>
    public Task Changed => _signal.Next;

    /// <summary>
    /// Puts a conversation on the list of what is to be forgotten. Asking twice is asking once. Returns when that is committed; what
    /// comes of it is read with <see cref="FindAsync"/>.
    /// </summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="sessionId">The conversation.</param>
    /// <param name="delete">Also takes it off its owner's list, at once.</param>
    /// <param name="cancellationToken">Gives up before it is committed.</param>
    /// <returns>The forgetting, or null where there is no such conversation for this person.</returns>
    public async Task<ErasureRequest?> AskAsync(string userId, string sessionId, bool delete, CancellationToken cancellationToken)
    {
        if (await _store.FindOwnerAsync(sessionId, cancellationToken).ConfigureAwait(false) is not { } owner
            || await _access.TryAcquireAsync(userId, owner, RunAction.Forget, cancellationToken).ConfigureAwait(false) is not { } lease)
        {
            return null;
        }

        var now = RunTime.Now(_time);
        var forgetting = await _store.AddAsync(
            new ErasureRequest
            {
                Id = RunIds.New("fgt_", _time),
                SessionId = sessionId,
                Owner = owner,
                Cause = delete ? ErasureCause.Deletion : ErasureCause.Person,
                RequestedBy = lease.Actor,
                RequestedAt = now,
                NextAt = now,
            },
            cancellationToken).ConfigureAwait(false);
        _signal.Set();
        return forgetting;
    }

    /// <summary>The newest forgetting of a conversation, or null where there is none for this person.</summary>
    public async Task<ErasureRequest?> FindAsync(string userId, string sessionId, CancellationToken cancellationToken) =>
        await MayAsync(userId, sessionId, cancellationToken).ConfigureAwait(false)
            ? await _store.FindNewestAsync(sessionId, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>A forgetting with all its proof, or null where there is none for this person.</summary>
    public async Task<ErasureRecord?> EvidenceAsync(string userId, string forgettingId, CancellationToken cancellationToken) =>
        await _store.FindAsync(forgettingId, cancellationToken).ConfigureAwait(false) is { } forgetting
        && await MayAsync(userId, forgetting.Owner, cancellationToken).ConfigureAwait(false)
            ? new ErasureRecord(
                forgetting,
                await _store.ReadRunsAsync(forgettingId, cancellationToken).ConfigureAwait(false),
                await _store.ReadResponsesAsync(forgettingId, cancellationToken).ConfigureAwait(false))
            : null;

    /// <summary>A page of all forgettings, the newest first; null for whoever is no admin.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="before">Id of the last one of the page before, or null.</param>
    /// <param name="limit">Largest number to return.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<IReadOnlyList<ErasureRequest>?> ListAsync(string userId, string? before, int limit, CancellationToken cancellationToken) =>
        await MayAsync(userId, s_everybody, cancellationToken).ConfigureAwait(false)
            ? await _store.ListAsync(before, limit, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Tries now what is not proven yet, instead of waiting. False where there is none for this person.</summary>
    public async Task<bool> TryAgainAsync(string userId, string forgettingId, CancellationToken cancellationToken)
    {
        if (await _store.FindAsync(forgettingId, cancellationToken).ConfigureAwait(false) is not { } forgetting
            || !await MayAsync(userId, forgetting.Owner, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await _store.HurryAsync(forgettingId, RunTime.Now(_time), cancellationToken).ConfigureAwait(false);
        _signal.Set();
        return true;
    }

    private async Task<bool> MayAsync(string userId, string sessionId, CancellationToken cancellationToken) =>
        await _store.FindOwnerAsync(sessionId, cancellationToken).ConfigureAwait(false) is { } owner
        && await MayAsync(userId, owner, cancellationToken).ConfigureAwait(false);

    private async Task<bool> MayAsync(string userId, RunOwner owner, CancellationToken cancellationToken) =>
        await _access.TryAcquireAsync(userId, owner, RunAction.Forget, cancellationToken).ConfigureAwait(false) is not null;
}
