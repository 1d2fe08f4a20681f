using System.Text.Json.Serialization;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary><c>question.asked</c>, by the agent, with the call's <c>call_id</c>: the run waits for an answer of a person.</summary>
/// <param name="Question">What the agent wants to know.</param>
/// <param name="Choices">Answers to choose from; null where there are none.</param>
/// <param name="AllowText">Whether an answer of the person's own words is allowed.</param>
/// <param name="Timeout">How long an answer is waited for.</param>
public sealed record QuestionAsked(
    string? Question,
    IReadOnlyList<string>? Choices,
    bool? AllowText,
    [property: JsonPropertyName("timeout_ms")] TimeSpan? Timeout) : RunEventPayload;

/// <summary><c>question.answered</c>, by the person who answered, with the call's <c>call_id</c>.</summary>
/// <param name="Text">The answer: a choice, or their own words.</param>
public sealed record QuestionAnswered(string? Text) : RunEventPayload
{
    /// <summary>Why somebody answered for the run's owner; null where no reason was given.</summary>
    public string? Reason { get; init; }
}

/// <summary><c>question.expired</c>, by the agent, with the call's <c>call_id</c>: nobody answered in time.</summary>
public sealed record QuestionExpired : RunEventPayload;
