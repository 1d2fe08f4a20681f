using System.ComponentModel.DataAnnotations;
using Copilot.Domain.Costs;
using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Supervision.Rules;

namespace Copilot.Web.Api.Rules;

/// <summary>The body of <c>POST /api/rules</c>, <c>POST /api/rules/try</c> and <c>PUT /api/rules/{id}</c>.</summary>
[ValidatableType]
public sealed record RuleBody
{
    /// <summary>Its name; a trial needs none.</summary>
    public string? Name { get; init; }

    /// <summary>What it looks at.</summary>
    [Required(ErrorMessage = ApiText.RuleKindInvalid)]
    [AllowedValues("tool_called", "argument", "text", "cost", "silence", "repetition", ErrorMessage = ApiText.RuleKindInvalid)]
    public string? Kind { get; init; }

    /// <summary>What it does.</summary>
    [Required(ErrorMessage = ApiText.RuleEffectInvalid)]
    [AllowedValues("alert", "pause", "approval", ErrorMessage = ApiText.RuleEffectInvalid)]
    public string? Effect { get; init; }

    /// <summary>The tool's name; left out for any.</summary>
    public string? Tool { get; init; }

    /// <summary>The argument's name, with dots for what is inside; left out for any.</summary>
    public string? Argument { get; init; }

    /// <summary>How an argument or a text is compared; <c>contains</c> where it is left out.</summary>
    [AllowedValues(null, "contains", "equal_to", "above", "matches", ErrorMessage = ApiText.RuleComparisonInvalid)]
    public string? Comparison { get; init; }

    /// <summary>With what it is compared.</summary>
    public string? Value { get; init; }

    /// <summary>Whose words; <c>anybody</c> where it is left out.</summary>
    [AllowedValues(null, "anybody", "agent", "person", ErrorMessage = ApiText.RuleSpeakerInvalid)]
    public string? Speaker { get; init; }

    /// <summary>What a run may cost, in units of the currency of the prices.</summary>
    public decimal? Cost { get; init; }

    /// <summary>How long nothing happens.</summary>
    public int? Seconds { get; init; }

    /// <summary>How many times in a row.</summary>
    public int? Times { get; init; }

    /// <summary>The team whose runs it is about; left out for all that the caller supervises.</summary>
    public string? TeamId { get; init; }

    /// <summary>The name of the agent whose runs it is about; left out for all.</summary>
    public string? Agent { get; init; }

    /// <summary>Whether it is in force; true where it is left out.</summary>
    public bool? On { get; init; }

    /// <summary>The version that is changed; left out where that does not matter.</summary>
    public long? Revision { get; init; }

    /// <summary>The draft that it says.</summary>
    internal RuleDraft ToDraft()
    {
        var condition = new RuleCondition
        {
            Kind = RuleJson.Parse<RuleConditionKind>(Kind) ?? default,
            Tool = Tool,
            Argument = Argument,
            Comparison = RuleJson.Parse<RuleComparison>(Comparison) ?? default,
            Value = Value,
            Speaker = RuleJson.Parse<RuleSpeaker>(Speaker) ?? default,
            Micros = Cost is { } cost ? Money.ToMicros(cost) : null,
            Seconds = Seconds,
            Times = Times,
        };
        return new RuleDraft(Name ?? "", condition, RuleJson.ParseEffect(Effect) ?? default) { TeamId = TeamId, Agent = Agent, IsOn = On ?? true, Revision = Revision };
    }
}
