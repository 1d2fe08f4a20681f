namespace Copilot.Domain.Erasure.Records;

/// <summary>What is checked about a deletion. The names are also those of the API.</summary>
public enum ErasureCheckKind
{
    /// <summary>The hash chain of every run verified before anything was removed.</summary>
    ChainVerifiedBefore,

    /// <summary>Read again afterwards, no event has content, and the chain verifies with the same end.</summary>
    ContentGone,

    /// <summary>Deleted content is overwritten in the database file, and its write-ahead log is empty.</summary>
    DatabaseFileCleaned,

    /// <summary>Every response is proven to be gone at the model provider. False while one is listed as not confirmed; retried where that can help.</summary>
    ProviderConfirmed,
}
