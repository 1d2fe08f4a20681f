using System.Globalization;
using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Supervision.Rules;

/// <summary>What a rule must be before it can be tried or saved.</summary>
public static class RuleCheck
{
    /// <summary>Longest name, tool, argument and words, in UTF-16 units.</summary>
    public const int MaxLength = 200;

    /// <summary>The longest silence: a day.</summary>
    public const int MaxSeconds = 86_400;

    /// <summary>The most repetitions.</summary>
    public const int MaxTimes = 1_000;

    /// <summary>What is wrong with a name; null when it can be used.</summary>
    public static RuleProblem? OfName(string? name) =>
        string.IsNullOrWhiteSpace(name) ? new RuleProblem("name", RuleSentences.NameMissing)
        : name.Length > MaxLength ? new RuleProblem("name", RuleSentences.TooLong(MaxLength))
        : null;

    /// <summary>The first thing that is wrong with a condition and its effect; null when they can be used.</summary>
    public static RuleProblem? Of(RuleCondition condition, RuleEffect effect)
    {
        ArgumentNullException.ThrowIfNull(condition);
        foreach (var (field, text) in (ReadOnlySpan<(string, string?)>)[("tool", condition.Tool), ("argument", condition.Argument), ("value", condition.Value)])
        {
            if (text?.Length > MaxLength)
            {
                return new RuleProblem(field, RuleSentences.TooLong(MaxLength));
            }
        }

        return condition.Kind switch
        {
            RuleConditionKind.ToolCalled => string.IsNullOrWhiteSpace(condition.Tool) ? new RuleProblem("tool", RuleSentences.ToolMissing) : null,
            RuleConditionKind.Argument => OfValue(condition),
            RuleConditionKind.Text => condition.Comparison is RuleComparison.Contains or RuleComparison.Matches
                ? OfValue(condition)
                : new RuleProblem("comparison", RuleSentences.TextIsNoNumber),
            RuleConditionKind.Cost => condition.Micros is > 0 and <= Money.MaxMicros ? null : new RuleProblem("micros", RuleSentences.CostInvalid),
            RuleConditionKind.Silence when effect is RuleEffect.Approval => new RuleProblem("effect", RuleSentences.EffectNotPossible),
            RuleConditionKind.Silence => OfRange("seconds", condition.Seconds, 1, MaxSeconds),
            RuleConditionKind.Repetition => OfRange("times", condition.Times, 2, MaxTimes),
            _ => new RuleProblem("kind", RuleSentences.ValueMissing),
        };
    }

    /// <summary>A number as people and models write it: <c>500</c>, <c>-0.5</c>.</summary>
    internal static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !double.IsNaN(number) ? number : null;

    private static RuleProblem? OfValue(RuleCondition condition) => condition.Comparison switch
    {
        RuleComparison.Matches => RulePattern.FindProblem(condition.Value ?? "") is { } problem ? new RuleProblem("value", problem) : null,
        _ when string.IsNullOrWhiteSpace(condition.Value) => new RuleProblem("value", RuleSentences.ValueMissing),
        RuleComparison.Above when Number(condition.Value) is null => new RuleProblem("value", RuleSentences.NotANumber),
        _ => null,
    };

    private static RuleProblem? OfRange(string field, int? number, int least, int most) =>
        number >= least && number <= most ? null : new RuleProblem(field, RuleSentences.OutOfRange(least, most));
}
