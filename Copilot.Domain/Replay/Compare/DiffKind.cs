namespace Copilot.Domain.Replay.Compare;

/// <summary>Whose a part of two texts is.</summary>
public enum DiffKind
{
    /// <summary>Both have it.</summary>
    Same,

    /// <summary>Only the first has it.</summary>
    OnlyInA,

    /// <summary>Only the second has it.</summary>
    OnlyInB,
}
