using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Erasure.Retention;

/// <summary>
/// How long conversations stay, and which must stay. For admins: every call checks <see cref="RunAction.Erase"/> for conversations of
/// anybody.
/// </summary>
public sealed partial class RetentionService
{
    // Owned by no one: only people who may erase every conversation have access.
    private static readonly RunOwner s_anyOwner = new("", "");

    private readonly IRetentionStore _store;
    private readonly IRunAccess _access;
    private readonly ErasureChanges _changes;
    private readonly TimeProvider _time;
    private readonly ILogger<RetentionService> _logger;

    internal RetentionService(IRetentionStore store, IRunAccess access, ErasureChanges changes, TimeProvider time, ILogger<RetentionService> logger) =>
        (_store, _access, _changes, _time, _logger) = (store, access, changes, time, logger);

    /// <summary>Completes at the next change of a rule or a hold. Take it before reading.</summary>
    public Task Changed => _changes.Retention.Next;

    /// <summary>All rules; null for anyone who is not an admin.</summary>
    public async Task<IReadOnlyList<RetentionRule>?> ListRulesAsync(string userId, CancellationToken cancellationToken) =>
        await IsAdminAsync(userId, cancellationToken).ConfigureAwait(false)
            ? await _store.ListRulesAsync(cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>All holds, those in force first; null for anyone who is not an admin.</summary>
    public async Task<IReadOnlyList<LegalHold>?> ListHoldsAsync(string userId, CancellationToken cancellationToken) =>
        await IsAdminAsync(userId, cancellationToken).ConfigureAwait(false)
            ? await _store.ListHoldsAsync(cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Whether something could be changed about an agent, a conversation or a person: done, denied, or not found.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="scope">What it is; null for a person.</param>
    /// <param name="subjectId">Its id.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<RetentionChange> CheckAsync(string userId, RetentionScope? scope, string subjectId, CancellationToken cancellationToken) =>
        !await IsAdminAsync(userId, cancellationToken).ConfigureAwait(false) ? RetentionChange.Denied
        : await _store.IsThereAsync(scope, subjectId, cancellationToken).ConfigureAwait(false) ? RetentionChange.Done
        : RetentionChange.NotFound;

    /// <summary>Sets how long an agent's conversations or one conversation stay. It counts from the next sweep on.</summary>
    /// <param name="userId">Who sets it.</param>
    /// <param name="scope">What it is about.</param>
    /// <param name="subjectId">The agent or the conversation.</param>
    /// <param name="days">Days after the last event; null for until it is closed.</param>
    /// <param name="cancellationToken">Cancels before the commit.</param>
    public async Task<RetentionChange> SetRuleAsync(
        string userId, RetentionScope scope, string subjectId, int? days, CancellationToken cancellationToken)
    {
        if (!await IsAdminAsync(userId, cancellationToken).ConfigureAwait(false))
        {
            return RetentionChange.Denied;
        }

        if (days is < 1 or > RetentionOptions.MostDays)
        {
            return RetentionChange.Invalid;
        }

        var rule = new RetentionRule(scope, subjectId, days, userId, RunTime.Now(_time));
        if (!await _store.SetRuleAsync(rule, cancellationToken).ConfigureAwait(false))
        {
            return RetentionChange.NotFound;
        }

        LogRule(userId, DueSession.NameOf(scope, subjectId, days), subjectId);
        return Report();
    }

    /// <summary>Removes a rule.</summary>
    public async Task<RetentionChange> RemoveRuleAsync(string userId, RetentionScope scope, string subjectId, CancellationToken cancellationToken)
    {
        if (!await IsAdminAsync(userId, cancellationToken).ConfigureAwait(false))
        {
            return RetentionChange.Denied;
        }

        if (!await _store.RemoveRuleAsync(scope, subjectId, cancellationToken).ConfigureAwait(false))
        {
            return RetentionChange.NotFound;
        }

        LogRule(userId, "none", subjectId);
        return Report();
    }

    /// <summary>Sets a hold on a conversation. From now on nothing of it is erased; what was asked for waits.</summary>
    public async Task<RetentionChange> HoldSessionAsync(string userId, string sessionId, string reason, CancellationToken cancellationToken) =>
        (await HoldAsync(userId, sessionId, heldUserId: null, reason, cancellationToken).ConfigureAwait(false)).Change;

    /// <summary>Sets a hold on all conversations of a person, those to come included.</summary>
    public async Task<RetentionChange> HoldPersonAsync(string userId, string heldUserId, string reason, CancellationToken cancellationToken) =>
        (await HoldAsync(userId, sessionId: null, heldUserId, reason, cancellationToken).ConfigureAwait(false)).Change;

    /// <summary>Lifts a hold. What was asked for meanwhile is erased then.</summary>
    public async Task<RetentionChange> LiftAsync(string userId, string holdId, CancellationToken cancellationToken)
    {
        if (!await IsAdminAsync(userId, cancellationToken).ConfigureAwait(false))
        {
            return RetentionChange.Denied;
        }

        if (!await _store.LiftHoldAsync(holdId, userId, RunTime.Now(_time), cancellationToken).ConfigureAwait(false))
        {
            return RetentionChange.NotFound;
        }

        LogLifted(userId, holdId);
        return Report();
    }

    /// <summary>Sets a hold on a conversation or on all of a person, and gives it; null where it was not set.</summary>
    public async Task<(RetentionChange Change, LegalHold? Hold)> HoldAsync(
        string userId, string? sessionId, string? heldUserId, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (!await IsAdminAsync(userId, cancellationToken).ConfigureAwait(false))
        {
            return (RetentionChange.Denied, null);
        }

        var words = reason.Trim();
        if (words.Length is 0 or > LegalHold.MaxReason)
        {
            return (RetentionChange.Invalid, null);
        }

        var hold = new LegalHold
        {
            Id = RunIds.New("hld_", _time),
            SessionId = sessionId,
            UserId = heldUserId,
            Reason = words,
            SetBy = userId,
            SetAt = RunTime.Now(_time),
        };
        if (!await _store.AddHoldAsync(hold, cancellationToken).ConfigureAwait(false))
        {
            return (RetentionChange.NotFound, null);
        }

        LogHeld(userId, hold.Id, sessionId ?? heldUserId);
        return (Report(), hold);
    }

    private RetentionChange Report()
    {
        _changes.Retention.Set();
        _changes.ToErase.Set();
        return RetentionChange.Done;
    }

    private async Task<bool> IsAdminAsync(string userId, CancellationToken cancellationToken) =>
        await _access.TryAcquireAsync(userId, s_anyOwner, RunAction.Erase, cancellationToken).ConfigureAwait(false) is not null;

    [LoggerMessage(LogLevel.Information, "{UserId} set the retention of {SubjectId}: {Rule}")]
    private partial void LogRule(string userId, string rule, string subjectId);

    [LoggerMessage(LogLevel.Information, "{UserId} set legal hold {HoldId} on {SubjectId}")]
    private partial void LogHeld(string userId, string holdId, string? subjectId);

    [LoggerMessage(LogLevel.Information, "{UserId} lifted legal hold {HoldId}")]
    private partial void LogLifted(string userId, string holdId);
}
