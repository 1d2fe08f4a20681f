namespace Copilot.Domain.Runs.Log;

/// <summary>The store cannot commit now. The message says why in one sentence.</summary>
public sealed class StorageUnavailableException(string message, Exception innerException)
    : Exception(message, innerException);
