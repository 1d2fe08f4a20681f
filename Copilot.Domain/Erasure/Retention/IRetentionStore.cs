namespace Copilot.Domain.Erasure.Retention;

/// <summary>Stores retention rules and legal holds, and knows which conversations are due.</summary>
public interface IRetentionStore
{
    /// <summary>All rules, those of agents first.</summary>
    Task<IReadOnlyList<RetentionRule>> ListRulesAsync(CancellationToken cancellationToken);

    /// <summary>Whether there is such an agent, conversation, or person (a null scope; one who is gone counts while a conversation is left).</summary>
    Task<bool> IsThereAsync(RetentionScope? scope, string subjectId, CancellationToken cancellationToken);

    /// <summary>Sets a rule in place of an earlier one about the same. False when there is no such agent or conversation.</summary>
    Task<bool> SetRuleAsync(RetentionRule rule, CancellationToken cancellationToken);

    /// <summary>Removes a rule: the next wider one counts again. False when there is none.</summary>
    Task<bool> RemoveRuleAsync(RetentionScope scope, string subjectId, CancellationToken cancellationToken);

    /// <summary>All holds, those in force first, then the newest.</summary>
    Task<IReadOnlyList<LegalHold>> ListHoldsAsync(CancellationToken cancellationToken);

    /// <summary>Sets a hold. False when there is no such conversation or person, nor a conversation of such a person.</summary>
    Task<bool> AddHoldAsync(LegalHold hold, CancellationToken cancellationToken);

    /// <summary>Lifts a hold. False when none such is in force.</summary>
    Task<bool> LiftHoldAsync(string holdId, string liftedBy, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>True when a hold on the conversation or on its owner is in force.</summary>
    Task<bool> IsHeldAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>
    /// Conversations with content left that are due by their rule, are not held and have no open request. Due is one whose runs' last events
    /// are all older than the rule's days, or that was closed where the rule says so.
    /// </summary>
    /// <param name="days">Days of conversations without a rule; null for none.</param>
    /// <param name="now">The time.</param>
    /// <param name="limit">Largest number to return.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlyList<DueSession>> ReadDueAsync(int? days, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>True when one conversation is due. One that has an open request may be.</summary>
    Task<bool> IsDueAsync(string sessionId, int? days, DateTimeOffset now, CancellationToken cancellationToken);
}
