namespace Copilot.Domain.Supervision.Rules;

/// <summary>How an argument or a text is compared.</summary>
public enum RuleComparison
{
    /// <summary>It contains these words, in capital letters or not.</summary>
    Contains,

    /// <summary>It is exactly this: the same number, or the same text in capital letters or not.</summary>
    EqualTo,

    /// <summary>It is a number above this one.</summary>
    Above,

    /// <summary>A part of it matches a regular expression (<see cref="RulePattern"/>).</summary>
    Matches,
}
