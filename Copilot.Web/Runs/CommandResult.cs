using System.Text.Json.Serialization;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Runs.Supervising;

namespace Copilot.Web.Runs;

/// <summary>
/// How a command was taken: accepted, or refused with a code, messages and the fields they are about. Effects are seen as events.
/// A browser's script gets <see cref="Accepted"/> and <see cref="Problem"/>.
/// </summary>
public sealed record CommandResult
{
    /// <summary>Accepted, with nothing more to say.</summary>
    public static CommandResult Done { get; } = new();

    /// <summary>True when the command was accepted.</summary>
    public bool Accepted => Code is null;

    /// <summary>Why it was refused, in one sentence that says what to do; null when it was accepted.</summary>
    public string? Problem => Problems.Count == 0 ? null : Problems[0].Message;

    /// <summary>True when the question is over: accepted, decided before, or gone.</summary>
    [JsonIgnore]
    public bool IsSettled => Code is null or RefusalCode.AlreadyDecided or RefusalCode.NotFound;

    /// <summary>Why it was refused; null when it was accepted.</summary>
    [JsonIgnore]
    public RefusalCode? Code { get; private init; }

    /// <summary>Every reason of the refusal; empty when it was accepted.</summary>
    [JsonIgnore]
    public IReadOnlyList<FieldProblem> Problems { get; private init; } = [];

    /// <summary>The run that was started, or that the same request had started before.</summary>
    [JsonIgnore]
    public RunSummary? Run { get; private init; }

    /// <summary>When a refused command may succeed.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Which limit was reached, as a stable word, for <see cref="RefusalCode.TooMany"/>.</summary>
    [JsonIgnore]
    public string? Limit { get; private init; }

    /// <summary>The decision that stands, for <see cref="RefusalCode.AlreadyDecided"/>.</summary>
    [JsonIgnore]
    public ApprovalDecision? Decision { get; private init; }

    /// <summary>Who was first, for <see cref="RefusalCode.Superseded"/> and <see cref="RefusalCode.AlreadyDecided"/>; who holds it, for <see cref="RefusalCode.Forbidden"/>.</summary>
    [JsonIgnore]
    public FirstActor? First { get; init; }

    /// <summary>True where the message is the run's own about what was sent, for a caller who knows its terms.</summary>
    [JsonIgnore]
    public bool IsOfDomain { get; private init; }

    /// <summary>A run was started.</summary>
    public static CommandResult Started(RunSummary run) => new() { Run = run };

    /// <summary>Refused for one reason.</summary>
    /// <param name="code">Why.</param>
    /// <param name="message">One sentence: what happened and what to do.</param>
    /// <param name="field">The field that is wrong, or null.</param>
    public static CommandResult Refused(RefusalCode code, string message, string? field) =>
        new() { Code = code, Problems = [new FieldProblem(field, message)] };

    /// <summary>Refused for one reason that is about no field.</summary>
    public static CommandResult Refused(RefusalCode code, string message) => Refused(code, message, field: null);

    /// <summary>Refused because of what was sent.</summary>
    public static CommandResult Invalid(IReadOnlyList<FieldProblem> problems) => new() { Code = RefusalCode.Invalid, Problems = problems };

    /// <summary>Refused by the run because of what was sent.</summary>
    /// <param name="exception">Its message says what to change.</param>
    /// <param name="field">The field that is wrong.</param>
    public static CommandResult Invalid(ArgumentException exception, string field) =>
        Refused(RefusalCode.Invalid, SentenceOf(exception), field) with { IsOfDomain = true };

    /// <summary>Refused because there are too many runs.</summary>
    /// <param name="message">One sentence: which limit it is, and what to do.</param>
    /// <param name="retryAfter">When it may succeed.</param>
    /// <param name="limit">The limit as a stable word.</param>
    public static CommandResult TooMany(string message, TimeSpan retryAfter, string limit) =>
        Refused(RefusalCode.TooMany, message) with { RetryAfter = retryAfter, Limit = limit };

    /// <summary>Refused because somebody else was first.</summary>
    public static CommandResult Superseded(string message, FirstActor first) => Refused(RefusalCode.Superseded, message) with { First = first };

    /// <summary>Refused because another decision stands.</summary>
    public static CommandResult AlreadyDecided(string message, ApprovalDecision decision) =>
        Refused(RefusalCode.AlreadyDecided, message) with { Decision = decision };

    /// <summary>Without the name of our own parameter, which the framework adds.</summary>
    private static string SentenceOf(ArgumentException exception) => exception.ParamName is { } parameter
        ? exception.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)
        : exception.Message;
}
