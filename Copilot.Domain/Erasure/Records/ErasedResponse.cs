using Copilot.Domain.Responses;

namespace Copilot.Domain.Erasure.Records;

/// <summary>One response that the upstream made for a run (or a request whose response is not known), and the proof that it is deleted.</summary>
public sealed record ErasedResponse
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Seq of the event where the response or its request first appears.</summary>
    public required long Seq { get; init; }

    /// <summary>The erasure request it belongs to.</summary>
    public required string ErasureId { get; init; }

    /// <summary>The API's id; null if it was never received.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The kind of proof.</summary>
    public required ErasureProof Proof { get; init; }

    /// <summary>State of the proof.</summary>
    public required ErasureProofState State { get; init; }

    /// <summary>When the request was sent.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>What carried it, or null where the log does not say.</summary>
    public TransportKind? Transport { get; init; }

    /// <summary>Base address of the upstream that made it, or the part that the log has; null if unknown.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How its socket ended, as the log puts it, or null.</summary>
    public string? SocketEnd { get; init; }

    /// <summary>The socket's close code, or null.</summary>
    public int? CloseCode { get; init; }

    /// <summary>When the deletion was last requested, or null.</summary>
    public DateTimeOffset? DeleteAt { get; init; }

    /// <summary>HTTP status of the last deletion, or null.</summary>
    public int? DeleteStatus { get; init; }

    /// <summary>HTTP status of the last check whether it still exists, or null.</summary>
    public int? GetStatus { get; init; }

    /// <summary>When it was proven to be deleted, or null. For a socket: when it ended.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>How often the upstream was asked.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>Why the last attempt failed, in one sentence, or null.</summary>
    public string? Problem { get; init; }
}
