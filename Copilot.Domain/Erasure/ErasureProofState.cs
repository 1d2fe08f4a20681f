namespace Copilot.Domain.Erasure;

/// <summary>Where the proof is.</summary>
public enum ErasureProofState
{
    /// <summary>Still to be had; it is tried by itself.</summary>
    Pending,

    /// <summary>There.</summary>
    Verified,

    /// <summary>Tries have failed for so long, or in such a way, that a person should look. It is tried on all the same.</summary>
    Failed,

    /// <summary>It can never be had.</summary>
    Unproven,
}
