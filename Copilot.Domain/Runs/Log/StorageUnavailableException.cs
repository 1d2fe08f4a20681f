namespace Copilot.Domain.Runs.Log;

/// <summary>The store cannot read or commit now. The message says why in one sentence.</summary>
public sealed class StorageUnavailableException(string message, Exception? innerException) : Exception(message, innerException)
{
    /// <summary>A refusal of what was not tried, because the store is known to be away.</summary>
    public StorageUnavailableException(string message)
        : this(message, innerException: null)
    {
    }

    /// <summary>True when it is not known that trying again helps: it is tried a few times only.</summary>
    public bool MayBeLasting { get; init; }
}
