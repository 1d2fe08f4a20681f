using Copilot.Domain.Responses;

namespace Copilot.Domain.Erasure;

/// <summary>One response that the upstream made for a run (or a request whose response is not known), and the proof that it is gone.</summary>
public sealed record ErasedResponse
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Seq of the event where the response or its request first shows.</summary>
    public required long Seq { get; init; }

    /// <summary>The forgetting it belongs to.</summary>
    public required string ForgettingId { get; init; }

    /// <summary>The API's id; null where it never came.</summary>
    public string? ResponseId { get; init; }

    /// <summary>What the proof is.</summary>
    public required ErasureProof Proof { get; init; }

    /// <summary>Where the proof is.</summary>
    public required ErasureProofState State { get; init; }

    /// <summary>When the request was sent.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>What carried it, or null where the log does not say.</summary>
    public TransportKind? Transport { get; init; }

    /// <summary>Base address of the upstream that made it, or as much of it as the log says; null for nothing.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How its socket ended, in the log's words, or null.</summary>
    public string? SocketEnd { get; init; }

    /// <summary>The socket's close code, or null.</summary>
    public int? CloseCode { get; init; }

    /// <summary>When the deletion was asked for last, or null.</summary>
    public DateTimeOffset? DeleteAt { get; init; }

    /// <summary>HTTP status of the last deletion, or null.</summary>
    public int? DeleteStatus { get; init; }

    /// <summary>HTTP status of the last look whether it is there, or null.</summary>
    public int? GetStatus { get; init; }

    /// <summary>Since when it is proven to be gone, or null. For a socket: when it ended.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>How often the upstream was asked.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>What was in the way last, in one sentence, or null.</summary>
    public string? Problem { get; init; }
}
