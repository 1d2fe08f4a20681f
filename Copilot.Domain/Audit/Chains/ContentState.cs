namespace Copilot.Domain.Audit.Chains;

/// <summary>What became of the content of a stored row.</summary>
public enum ContentState
{
    /// <summary>It is as its digest says.</summary>
    Intact,

    /// <summary>It or its salt is not what its digest was made of.</summary>
    Changed,

    /// <summary>It was removed; its digest is there.</summary>
    Removed,
}
