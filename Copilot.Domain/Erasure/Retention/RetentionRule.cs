namespace Copilot.Domain.Erasure.Retention;

/// <summary>How long conversations stay, as an admin decided.</summary>
/// <param name="Scope">What it is about.</param>
/// <param name="SubjectId">The agent or the conversation.</param>
/// <param name="Days">Days after the last event; null for until the conversation is closed, which is when it is archived.</param>
/// <param name="SetBy">Who set it.</param>
/// <param name="SetAt">When.</param>
public sealed record RetentionRule(RetentionScope Scope, string SubjectId, int? Days, string SetBy, DateTimeOffset SetAt);
