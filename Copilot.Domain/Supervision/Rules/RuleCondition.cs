namespace Copilot.Domain.Supervision.Rules;

/// <summary>When a rule fires. Which fields count depends on the kind; the others are ignored.</summary>
public sealed record RuleCondition
{
    /// <summary>What it looks at.</summary>
    public RuleConditionKind Kind { get; init; }

    /// <summary>
    /// The tool's name, for <see cref="RuleConditionKind.ToolCalled"/>, <see cref="RuleConditionKind.Argument"/> and
    /// <see cref="RuleConditionKind.Repetition"/>; null for any.
    /// </summary>
    public string? Tool { get; init; }

    /// <summary>The argument's name, for <see cref="RuleConditionKind.Argument"/>, with dots for what is inside (<c>order.quantity</c>); null for any.</summary>
    public string? Argument { get; init; }

    /// <summary>How it is compared, for <see cref="RuleConditionKind.Argument"/> and <see cref="RuleConditionKind.Text"/>.</summary>
    public RuleComparison Comparison { get; init; }

    /// <summary>With what it is compared: words, a number or a regular expression.</summary>
    public string? Value { get; init; }

    /// <summary>Whose words, for <see cref="RuleConditionKind.Text"/>.</summary>
    public RuleSpeaker Speaker { get; init; }

    /// <summary>What a run may cost, for <see cref="RuleConditionKind.Cost"/>: millionths of the currency's unit.</summary>
    public long? Micros { get; init; }

    /// <summary>How long nothing happens, for <see cref="RuleConditionKind.Silence"/>: whole seconds.</summary>
    public int? Seconds { get; init; }

    /// <summary>How many times, for <see cref="RuleConditionKind.Repetition"/>.</summary>
    public int? Times { get; init; }
}
