namespace Copilot.Domain.Erasure;

/// <summary>How far a forgetting has come. The order is the order in which it goes.</summary>
public enum ErasureState
{
    /// <summary>Asked for; nothing has been removed.</summary>
    Requested,

    /// <summary>What has to be forgotten upstream is noted; content is being removed here.</summary>
    Erasing,

    /// <summary>Nothing is left here; the upstream is being made to forget.</summary>
    Verifying,

    /// <summary>Gone here, and gone upstream as it says itself.</summary>
    Forgotten,

    /// <summary>Gone here; of some requests the upstream never told the response's id, so nobody can ask it about them.</summary>
    Unproven,
}
