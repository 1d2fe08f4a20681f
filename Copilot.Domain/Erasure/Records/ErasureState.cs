namespace Copilot.Domain.Erasure.Records;

/// <summary>The state of an erasure request, in order. The names are also those of the database and the API.</summary>
public enum ErasureState
{
    /// <summary>Requested; nothing has been removed.</summary>
    Requested,

    /// <summary>Cannot be withdrawn any more: runs are stopped, what has to be deleted upstream is recorded, content is being removed here.</summary>
    Erasing,

    /// <summary>Removed here; the upstream's responses are being deleted.</summary>
    Verifying,

    /// <summary>Removed here, and deleted upstream as confirmed by it.</summary>
    Forgotten,

    /// <summary>Removed here; the response ids of some requests were never received, so their deletion cannot be confirmed.</summary>
    Unproven,
}
