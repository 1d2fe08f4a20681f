using Copilot.Domain.Responses;

namespace Copilot.Domain.Erasure;

/// <summary>What proves that the upstream has forgotten a response.</summary>
public enum ErasureProof
{
    /// <summary>It was stored: it was deleted, and asking for it afterwards is answered with 404.</summary>
    DeletedUpstream,

    /// <summary>It was not stored, and lived only as long as its socket, which is closed.</summary>
    SocketClosed,

    /// <summary>It was asked for over HTTP with <c>store:false</c>: there was nothing that could keep it.</summary>
    HttpNotStored,

    /// <summary>There can be none: the request may have been stored, and its response's id never came; or the log does not say how its socket ended.</summary>
    None,
}

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
