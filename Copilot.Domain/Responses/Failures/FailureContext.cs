using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;

namespace Copilot.Domain.Responses.Failures;

/// <summary>The circumstances of a failure.</summary>
public sealed record FailureContext
{
    /// <summary>What carried the request.</summary>
    public required TransportKind Kind { get; init; }

    /// <summary><c>Upstream:Transport</c>; a forced transport is never left for the other.</summary>
    public required TransportChoice Choice { get; init; }

    /// <summary>How often this request has been sent or tried to be sent, the failed time included: 1, 2, 3 …</summary>
    public required int Attempt { get; init; }

    /// <summary>How often the connection was lost under this request, this time included if it was.</summary>
    public int Losses { get; init; } = 1;

    /// <summary>How often what came could not be understood, this time included if it could not.</summary>
    public int Garbled { get; init; } = 1;

    /// <summary>True when the request was a delta (<see cref="SendMode.Delta"/>).</summary>
    public bool Continuation { get; init; }

    /// <summary>True when any event of the response had arrived.</summary>
    public bool Arrived { get; init; }

    /// <summary>True when a message was sent into the response (<c>response.steer</c>) and was not answered.</summary>
    public bool Steering { get; init; }

    /// <summary>True when the conversation may still be compacted for this response.</summary>
    public bool MayCompact { get; init; }

    /// <summary>The input items of the request, in its order; of a delta only the new ones. Files are named in them.</summary>
    public IReadOnlyList<InputItem> Input { get; init; } = [];

    /// <summary>True when the conversation carries reasoning of the model's, be it in the request or before it.</summary>
    public bool HasReasoning { get; init; }

    /// <summary>What the request had that nobody set and that can be left out.</summary>
    public IReadOnlyCollection<RequestExtra> Extras { get; init; } = [];

    /// <summary>True when a socket has worked in this run, and HTTP is only what it fell back to.</summary>
    public bool SocketsWorked { get; init; }

    /// <summary>True when the upstream has no HTTP endpoint to fall back to.</summary>
    public bool HttpIsMissing { get; init; }

    /// <summary>The address that was asked, for people; or null.</summary>
    public string? Address { get; init; }

    /// <summary>What is known of effects.</summary>
    public EffectsSoFar Effects { get; init; }

    /// <summary>What <see cref="Concurrency.Backoff.Next"/> gave for this failure.</summary>
    public required TimeSpan Backoff { get; init; }

    /// <summary>Total wait for this response so far, between its attempts.</summary>
    public TimeSpan Waited { get; init; }
}
