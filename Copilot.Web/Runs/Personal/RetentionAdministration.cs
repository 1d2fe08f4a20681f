using Copilot.Domain.Audit;
using Copilot.Domain.Erasure.Retention;

namespace Copilot.Web.Runs.Personal;

/// <summary>What admins change about retention, for the page and the API: each change is in the access log before it counts, and nothing is that cannot be.</summary>
internal sealed class RetentionAdministration(RetentionService retention)
{
    /// <summary>Records a change as <see cref="AccessActions.RetentionChanged"/>.</summary>
    /// <param name="objectId">What it is about.</param>
    /// <param name="what">What it is, in a few words.</param>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: nothing is changed.</exception>
    public delegate Task Record(string objectId, string what);

    /// <inheritdoc cref="RetentionService.SetRuleAsync"/>
    public async Task<RetentionChange> SetRuleAsync(
        string userId, RetentionScope scope, string subjectId, int? days, Record record, CancellationToken cancellationToken)
    {
        if (await retention.CheckAsync(userId, scope, subjectId, cancellationToken) is not RetentionChange.Done and var refused)
        {
            return refused;
        }

        await record(subjectId, days is { } kept ? $"kept for {kept} days" : "kept until closed");
        return await retention.SetRuleAsync(userId, scope, subjectId, days, cancellationToken);
    }

    /// <inheritdoc cref="RetentionService.RemoveRuleAsync"/>
    public async Task<RetentionChange> RemoveRuleAsync(
        string userId, RetentionScope scope, string subjectId, Record record, CancellationToken cancellationToken)
    {
        await record(subjectId, "rule removed");
        return await retention.RemoveRuleAsync(userId, scope, subjectId, cancellationToken);
    }

    /// <summary>Sets a hold on one conversation, or on all of a person.</summary>
    /// <returns>The hold where it was set; else null, and why.</returns>
    public async Task<(RetentionChange Change, LegalHold? Hold)> HoldAsync(
        string userId, string? sessionId, string? personId, string reason, Record record, CancellationToken cancellationToken)
    {
        if (await retention.CheckAsync(userId, sessionId is null ? null : RetentionScope.Session, (sessionId ?? personId)!, cancellationToken) is not RetentionChange.Done and var refused)
        {
            return (refused, null);
        }

        await record((sessionId ?? personId)!, $"legal hold: {reason.Trim()}");
        return await retention.HoldAsync(userId, sessionId, personId, reason, cancellationToken);
    }

    /// <summary>Lifts a hold.</summary>
    public async Task<RetentionChange> LiftAsync(string userId, LegalHold hold, Record record, CancellationToken cancellationToken)
    {
        await record((hold.SessionId ?? hold.UserId)!, "legal hold lifted");
        return await retention.LiftAsync(userId, hold.Id, cancellationToken);
    }
}
