namespace Copilot.Domain.Runs.Summaries;

/// <summary>A question of the agent that waits for an answer.</summary>
/// <param name="CallId">The API's <c>call_id</c>.</param>
/// <param name="Question">What the agent wants to know.</param>
/// <param name="Choices">Answers to choose from; empty where there are none.</param>
/// <param name="AllowsText">Whether an answer of the person's own words is allowed.</param>
/// <param name="AskedAt">Since when it waits (UTC).</param>
/// <param name="Timeout">How long it waits.</param>
public sealed record PendingQuestion(
    string CallId, string Question, IReadOnlyList<string> Choices, bool AllowsText, DateTimeOffset AskedAt, TimeSpan Timeout);
