namespace Copilot.Domain.Audit.Checkpoints;

/// <summary>What a sealed head is the head of. The names are stored.</summary>
public static class ChainKind
{
    /// <summary>A run's events.</summary>
    public const string Run = "run";

    /// <summary>The access log.</summary>
    public const string Access = "access";

    /// <summary>A finished deletion record; its place is always 1 and its hash that of the record.</summary>
    public const string Deletion = "deletion";
}
