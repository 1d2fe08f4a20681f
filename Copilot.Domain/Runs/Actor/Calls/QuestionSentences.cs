using System.Globalization;
using Copilot.Domain.Tools;

namespace Copilot.Domain.Runs.Actor.Calls;

/// <summary>What the model is told about its questions, and why a run waits for their answers.</summary>
internal static class QuestionSentences
{
    public const string Waiting = "The agent has asked a question.";
    public const string Resumed = "No question is open any more.";

    /// <summary>The output of a question that nobody answered.</summary>
    public static string Expired(TimeSpan timeout) =>
        $"The person did not answer within {ApprovalSentences.Span(timeout)}. Go on without the answer if that is safe, else say what is still open.";

    public static ToolArgumentError Empty { get; } = new("answer", "The answer is empty.");

    public static ToolArgumentError TooLong(int limit) =>
        new("answer", string.Create(CultureInfo.InvariantCulture, $"The answer has more than {limit:N0} characters."));

    public static ToolArgumentError NotAChoice(IEnumerable<string> choices) =>
        new("answer", $"The answer must be one of: {string.Join(", ", choices)}.");
}
