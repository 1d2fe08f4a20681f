using System.Globalization;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Actor.Calls;

/// <summary>What the model is told about approvals, and why a run waits.</summary>
internal static class ApprovalSentences
{
    public const string Resumed = "Nothing waits for a person any more.";
    public const string Stopped = "The run was stopped before anybody decided.";

    public static string Waiting(IReadOnlyList<string> names) => names.Count == 1
        ? $"{names[0]} needs a person's approval."
        : $"{names.Count.ToString(CultureInfo.InvariantCulture)} calls need a person's approval: {string.Join(", ", names)}.";

    /// <summary>The output of a call that was not allowed.</summary>
    public static string NotRun(ApprovalDecision decision, TimeSpan timeout) => decision.Answer is ApprovalAnswer.Expired
        ? $"This call was not carried out: it needs a person's approval, and nobody decided within {Span(timeout)}. Go on without it, or say that it is still open."
        : $"This call was not carried out: a person did not allow it.{Why(decision.Reason)} Do not try it again unless you are asked to.";

    /// <summary>The output of a call that a person cancelled before it started.</summary>
    public static string Cancelled(string? reason) => $"This call was not carried out: a person cancelled it.{Why(reason)} Do not try it again unless you are asked to.";

    /// <summary>The output of a call that a person cancelled while it was under way.</summary>
    /// <param name="reason">Why, or null.</param>
    /// <param name="outcome">What is known of it, as a sentence.</param>
    public static string Cancelled(string? reason, string outcome) => $"A person cancelled this call.{Why(reason)} {outcome}";

    /// <summary>What a call with changed arguments came to: the model must know what really ran.</summary>
    public static string Edited(string arguments, string output) =>
        $"A person changed the arguments before they approved this call. It was carried out with {arguments} and with nothing else. Result:\n{output}";

    private static string Why(string? reason) => string.IsNullOrWhiteSpace(reason) ? "" : $" They said: {Sentence(reason.Trim())}";

    private static string Sentence(string words) => words[^1] is '.' or '!' or '?' ? words : words + ".";

    /// <summary>A length of time in words.</summary>
    public static string Span(TimeSpan time)
    {
        FormattableString words = time switch
        {
            { TotalSeconds: < 120 } => $"{time.TotalSeconds:0.#} seconds",
            { TotalMinutes: < 120 } => $"{time.TotalMinutes:0.#} minutes",
            { TotalHours: < 48 } => $"{time.TotalHours:0.#} hours",
            _ => $"{time.TotalDays:0.#} days",
        };
        return words.ToString(CultureInfo.InvariantCulture);
    }
}
