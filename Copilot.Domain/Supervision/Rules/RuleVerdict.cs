namespace Copilot.Domain.Supervision.Rules;

/// <summary>Whether a rule's condition is met at a moment.</summary>
/// <param name="IsMet">Whether it is. What could not be evaluated in time counts as met: a rule that guards something does not let it pass unseen.</param>
/// <param name="Because">What met it, as a sentence; empty where nothing did.</param>
public readonly record struct RuleVerdict(bool IsMet, string Because)
{
    /// <summary>It is not met.</summary>
    public static RuleVerdict No { get; } = new(IsMet: false, "");

    /// <summary>True where the regular expression took too long.</summary>
    public bool IsUndecided { get; init; }

    /// <summary>The call that met it, or that it wants an approval of; null where it is about none.</summary>
    public string? CallId { get; init; }

    /// <summary>It is met.</summary>
    public static RuleVerdict Met(string because) => new(IsMet: true, because);
}
