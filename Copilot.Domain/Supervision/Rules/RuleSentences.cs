using System.Globalization;
using Copilot.Domain.Costs;

namespace Copilot.Domain.Supervision.Rules;

/// <summary>What people read of a rule's condition: what is wrong with it, and what has met it.</summary>
public static class RuleSentences
{
    public const string PatternTooLarge = "This regular expression repeats too much. Use smaller numbers in braces.";
    public const string PatternNotSafe =
        "This regular expression looks around or refers back, which can take forever. Write it without lookahead, lookbehind, backreferences and atomic groups.";

    public const string NameMissing = "Give the rule a name. Whoever it stops reads it.";
    public const string ToolMissing = "Choose a tool.";
    public const string ValueMissing = "Write what to look for.";
    public const string NotANumber = "Write a number, for example 500.";
    public const string TextIsNoNumber = "A text can contain words or match an expression.";
    public const string CostInvalid = "Write an amount above 0.";
    public const string EffectNotPossible = "Silence belongs to no call: it can raise an alert or pause the run.";
    public const string Undecided = "the regular expression took too long, so that a person decides.";

    /// <summary>The pattern is missing or too long.</summary>
    public static string PatternLength(int length) => length == 0
        ? "Write a regular expression."
        : Invariant($"A regular expression has {RulePattern.MaxLength} characters at most; this one has {length}.");

    /// <summary>The pattern is none.</summary>
    public static string PatternInvalid(string detail) => $"This is no regular expression: {detail}";

    /// <summary>A text is too long.</summary>
    public static string TooLong(int most) => Invariant($"Use {most} characters at most.");

    /// <summary>A number is out of its range.</summary>
    public static string OutOfRange(int least, int most) => Invariant($"Write a number from {least} to {most}.");

    internal static string Called(string tool) => $"the tool {tool} is called.";

    internal static string Compared(string name, RuleComparison comparison, string value) => comparison switch
    {
        RuleComparison.Contains => $"{name} contains \u201c{value}\u201d.",
        RuleComparison.EqualTo => $"{name} is {value}.",
        RuleComparison.Above => $"{name} is above {value}.",
        _ => $"{name} matches \u201c{value}\u201d.",
    };

    internal static string ArgumentName(string? argument, string tool) => argument is null ? $"an argument of {tool}" : $"{argument} of {tool}";

    internal static string SpeakerName(bool agent) => agent ? "what the agent says" : "what the person says";

    internal static string Costs(long micros, long limit, string? currency)
    {
        var (one, other) = Money.Format(micros, limit, currency);
        return $"the run has cost {one}, more than {other}.";
    }

    internal static string Silent(TimeSpan silence) => Invariant($"nothing happened for {Math.Floor(silence.TotalSeconds):0} s.");

    internal static string Repeated(string tool, int times) => Invariant($"{tool} is called with the same arguments, {times} times in a row.");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
