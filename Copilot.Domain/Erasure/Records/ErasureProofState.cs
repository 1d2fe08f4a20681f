namespace Copilot.Domain.Erasure.Records;

/// <summary>State of a proof.</summary>
public enum ErasureProofState
{
    /// <summary>Not yet obtained; retried automatically.</summary>
    Pending,

    /// <summary>Obtained.</summary>
    Verified,

    /// <summary>Attempts have failed so often, or in such a way, that a person should look. Retries continue.</summary>
    Failed,

    /// <summary>It can never be obtained.</summary>
    Unproven,
}
