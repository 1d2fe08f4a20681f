using System.Globalization;
using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Supervision.Rules;

namespace Copilot.Web.Components.Rules;

/// <summary>A rule as it is being written.</summary>
internal sealed class RuleFields
{
    public string Name { get; set; } = "";

    public RuleConditionKind Kind { get; set; } = RuleConditionKind.Argument;

    public string Tool { get; set; } = "";

    public string Argument { get; set; } = "";

    public RuleComparison Comparison { get; set; } = RuleComparison.Above;

    public string Value { get; set; } = "";

    public RuleSpeaker Speaker { get; set; }

    public string Amount { get; set; } = "";

    public string Seconds { get; set; } = "60";

    public string Times { get; set; } = "3";

    public RuleEffect Effect { get; set; }

    public string Team { get; set; } = "";

    public string Agent { get; set; } = "";

    public bool IsOn { get; private init; } = true;

    public long? Revision { get; private init; }

    /// <summary>What can be done when this is looked at.</summary>
    public IReadOnlyList<RuleEffect> Effects => Kind is RuleConditionKind.Silence
        ? [RuleEffect.Alert, RuleEffect.Pause]
        : [RuleEffect.Alert, RuleEffect.Pause, RuleEffect.Approval];

    /// <summary>How it can be compared.</summary>
    public IReadOnlyList<RuleComparison> Comparisons => Kind is RuleConditionKind.Text
        ? [RuleComparison.Contains, RuleComparison.Matches]
        : [RuleComparison.Contains, RuleComparison.EqualTo, RuleComparison.Above, RuleComparison.Matches];

    /// <summary>The fields of a rule that is to be changed.</summary>
    public static RuleFields Of(Rule rule)
    {
        var (what, condition) = (rule.What, rule.What.Condition);
        return new RuleFields
        {
            Name = what.Name,
            Kind = condition.Kind,
            Tool = condition.Tool ?? "",
            Argument = condition.Argument ?? "",
            Comparison = condition.Comparison,
            Value = condition.Value ?? "",
            Speaker = condition.Speaker,
            Amount = condition.Micros is { } micros ? Money.ToUnits(micros).ToString("0.######", CultureInfo.InvariantCulture) : "",
            Seconds = Text(condition.Seconds) ?? "60",
            Times = Text(condition.Times) ?? "3",
            Effect = what.Effect,
            Team = what.TeamId ?? "",
            Agent = what.Agent ?? "",
            IsOn = rule.IsOn,
            Revision = what.Revision,
        };
    }

    /// <summary>Looks at something else: what cannot be said of it is said otherwise.</summary>
    public void Look(RuleConditionKind kind)
    {
        Kind = kind;
        Comparison = Comparisons.Contains(Comparison) ? Comparison : RuleComparison.Contains;
        Effect = Effects.Contains(Effect) ? Effect : RuleEffect.Alert;
    }

    /// <summary>The draft that the fields say. What does not count for the kind is left out, so that it makes no other rule.</summary>
    public RuleDraft ToDraft()
    {
        var compares = Kind is RuleConditionKind.Argument or RuleConditionKind.Text;
        var condition = new RuleCondition
        {
            Kind = Kind,
            Tool = Kind is RuleConditionKind.ToolCalled or RuleConditionKind.Argument or RuleConditionKind.Repetition ? Given(Tool) : null,
            Argument = Kind is RuleConditionKind.Argument ? Given(Argument) : null,
            Comparison = compares ? Comparison : default,
            Value = compares ? Given(Value) : null,
            Speaker = Kind is RuleConditionKind.Text ? Speaker : default,
            Micros = Kind is RuleConditionKind.Cost ? Micros() : null,
            Seconds = Kind is RuleConditionKind.Silence ? Number(Seconds) : null,
            Times = Kind is RuleConditionKind.Repetition ? Number(Times) : null,
        };
        return new RuleDraft(Name.Trim(), condition, Effect) { TeamId = Given(Team), Agent = Given(Agent), IsOn = IsOn, Revision = Revision };
    }

    private static string? Given(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static int? Number(string text) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    private long? Micros() => decimal.TryParse(Amount.Replace(',', '.'), NumberStyles.Number, CultureInfo.InvariantCulture, out var units) && units > 0
        ? Money.ToMicros(units)
        : null;
}
