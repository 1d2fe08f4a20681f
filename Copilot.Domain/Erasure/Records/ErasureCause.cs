namespace Copilot.Domain.Erasure.Records;

/// <summary>Why a conversation is erased.</summary>
public enum ErasureCause
{
    /// <summary>A person asked for it.</summary>
    Person,

    /// <summary>A person deleted the conversation.</summary>
    Deletion,

    /// <summary>A run of it was forked from a run whose content was removed.</summary>
    Fork,

    /// <summary>It was older than <see cref="RetentionOptions.Days"/>.</summary>
    Rule,
}
