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

    /// <summary>What is known of effects.</summary>
    public EffectsSoFar Effects { get; init; }

    /// <summary>What <see cref="Concurrency.Backoff.Next"/> gave for this failure.</summary>
    public required TimeSpan Backoff { get; init; }

    /// <summary>Total wait for this response so far, between its attempts.</summary>
    public TimeSpan Waited { get; init; }
}
