namespace Copilot.Domain.Responses;

/// <summary>What kept a response from completing.</summary>
public abstract record UpstreamFailure
{
    private UpstreamFailure()
    {
    }

    /// <summary>The transport could not be opened, or broke.</summary>
    public sealed record Broken(TransportException Error) : UpstreamFailure;

    /// <summary>The upstream told an error in the band: an <c>error</c> event, or <c>response.failed</c>.</summary>
    public sealed record ReportedError(ResponseError Error) : UpstreamFailure;

    /// <summary><c>response.incomplete</c>.</summary>
    /// <param name="Reason">The API's <c>incomplete_details.reason</c>, or null.</param>
    public sealed record Incomplete(string? Reason) : UpstreamFailure;

    /// <summary>The transport ended between two responses.</summary>
    public sealed record EndedIdle(TransportEnd End) : UpstreamFailure;

    /// <summary>The fault of a response's last event, or null when the response completed.</summary>
    public static UpstreamFailure? Of(ResponseEvent terminal)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        return terminal switch
        {
            ResponseErrorEvent told => new ReportedError(told.Error),
            ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed } => null,
            ResponseLifecycleEvent { Response: { Status: ResponseStatus.Incomplete } response } => new Incomplete(response.IncompleteReason),
            ResponseLifecycleEvent { Response.Error: { } error } => new ReportedError(error),
            ResponseLifecycleEvent { Response.Status: ResponseStatus.Cancelled } => new ReportedError(
                new ResponseError { Code = "response_cancelled", Message = "The upstream cancelled the response." }),
            _ => new ReportedError(new ResponseError { Message = "The upstream ended the response without saying how." }),
        };
    }
}

/// <summary>What is known of the effects of the response that failed.</summary>
public enum EffectsSoFar
{
    /// <summary>No tool with effects had started.</summary>
    None,

    /// <summary>Some had started, and their calls and outputs are in the input that would be sent again.</summary>
    Kept,

    /// <summary>One was under way upstream (a hosted tool or an MCP call) and nobody knows whether it happened.</summary>
    Unknown,
}

/// <summary>The circumstances of a failure.</summary>
public sealed record FailureContext
{
    /// <summary>What carried the request.</summary>
    public required TransportKind Kind { get; init; }

    /// <summary><c>Upstream:Transport</c>; a forced transport is never left for the other.</summary>
    public required TransportChoice Choice { get; init; }

    /// <summary>How often this request has been sent or tried to be sent, the failed time included: 1, 2, 3 …</summary>
    public required int Attempt { get; init; }

    /// <summary>True when the request was a delta (<see cref="SendMode.Delta"/>).</summary>
    public bool Continuation { get; init; }

    /// <summary>True when any event of the response had come.</summary>
    public bool Arrived { get; init; }

    /// <summary>True when words had been sent into the response (<c>response.steer</c>) and were not answered.</summary>
    public bool Steering { get; init; }

    /// <summary>True when the conversation may still be compacted for this response.</summary>
    public bool MayCompact { get; init; }

    /// <summary>What is known of effects.</summary>
    public EffectsSoFar Effects { get; init; }

    /// <summary>What <see cref="Responses.Backoff.Next"/> gave for this failure.</summary>
    public required TimeSpan Backoff { get; init; }

    /// <summary>How long this response has been waited for before, between its attempts.</summary>
    public TimeSpan Waited { get; init; }
}
