using Copilot.Domain.Timeline.Items;

namespace Copilot.Domain.Timeline.Queries;

/// <summary>What the agent asks a person now.</summary>
/// <param name="CallId">The API's <c>call_id</c>.</param>
/// <param name="Question">What it wants to know.</param>
/// <param name="Choices">Answers to choose from; empty where there are none.</param>
/// <param name="AllowsText">Whether an answer of the person's own words is allowed.</param>
/// <param name="Since">Since when it waits (UTC).</param>
/// <param name="Timeout">How long it waits.</param>
public sealed record WaitingQuestion(
    string CallId, string Question, IReadOnlyList<string> Choices, bool AllowsText, DateTimeOffset Since, TimeSpan Timeout)
{
    /// <summary>What a call asks, or null when it asks nothing now.</summary>
    public static WaitingQuestion? Of(ToolCallItem call) => call is { Question.Current: { State: QuestionState.Waiting } asked, IsOpen: true }
        ? new(call.CallId.Current ?? "", asked.Question, asked.Choices, asked.AllowsText, call.Question.Since ?? default, asked.Timeout)
        : null;
}
