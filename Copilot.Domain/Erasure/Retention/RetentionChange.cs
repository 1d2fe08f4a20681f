namespace Copilot.Domain.Erasure.Retention;

/// <summary>What came of changing a rule or a hold.</summary>
public enum RetentionChange
{
    /// <summary>It is saved.</summary>
    Done,

    /// <summary>Only admins may.</summary>
    Denied,

    /// <summary>There is no such agent, conversation, person, rule or hold.</summary>
    NotFound,

    /// <summary>The days are out of range, or the reason is missing or too long.</summary>
    Invalid,
}
