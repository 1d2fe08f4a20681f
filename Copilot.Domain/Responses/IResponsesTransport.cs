namespace Copilot.Domain.Responses;

/// <summary>What carries a run's requests.</summary>
public enum TransportKind
{
    /// <summary>One socket for the whole run.</summary>
    WebSocket,

    /// <summary>One POST per response, streamed as server-sent events.</summary>
    Http,
}

/// <summary>How and why a transport ended.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="CloseCode">The WebSocket close code that was sent or received, or null.</param>
/// <param name="Detail">One sentence for people, or null for a clean end.</param>
public sealed record TransportEnd(TransportEndReason Reason, int? CloseCode, string? Detail)
{
    /// <summary>The clock that ended it, or null when something else did.</summary>
    public UpstreamTimeout? Clock { get; init; }
}

/// <summary>Why a transport ended.</summary>
public enum TransportEndReason
{
    /// <summary>We closed it.</summary>
    Closed,

    /// <summary>The upstream closed it.</summary>
    ClosedByPeer,

    /// <summary>The connection broke, or its watchdog fired.</summary>
    Faulted,
}

/// <summary>
/// One connection to the upstream. It connects once and carries one response at a time; an error inside the band ends the
/// response, not the transport. Disposing closes it cleanly (close code 1000 on a socket).
/// </summary>
public interface IResponsesTransport : IAsyncDisposable
{
    /// <summary>What it is.</summary>
    TransportKind Kind { get; }

    /// <summary>The base address it speaks to, without query parameters and user information: fit to be kept in a log.</summary>
    Uri Endpoint { get; }

    /// <summary>Completes when the connection has ended, also while it is idle. Never faults.</summary>
    Task<TransportEnd> Ended { get; }

    /// <summary>
    /// True when it should be closed and replaced before the next response, never during one: a socket that is too old
    /// (<c>Upstream:MaxConnectionAge</c>), or HTTP where a socket is to be had again. Cheap, and true until it is replaced or the
    /// better transport is gone.
    /// </summary>
    bool ShouldRotate { get; }

    /// <summary>Opens the connection. Call once.</summary>
    /// <exception cref="TransportException">It could not be opened; the exception says why.</exception>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// True while it carries a response that may be steered: it has begun and not ended, and neither the settings nor what the
    /// upstream said of its model speak against it.
    /// </summary>
    bool CanSteer { get; }

    /// <summary>
    /// Sends one request and streams its events up to and including the terminal one. A response that was steered may be followed by
    /// one that nobody requested; then its events come, too, and the terminal event of the last one ends the stream. Leaving the enumeration early, or
    /// cancelling, abandons the response; the connection can still be closed cleanly but not used again.
    /// </summary>
    /// <exception cref="TransportException">The stream stopped without a terminal event, or the request could not be sent.</exception>
    IAsyncEnumerable<ResponseEvent> CreateResponseAsync(ResponseRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Sends <c>response.steer</c>. True once it may have been sent: what comes of it is told by <see cref="SteerEvent"/>s, and where
    /// none comes before the stream ends, nobody knows. False where nothing was sent: the transport cannot, or the response has ended.
    /// </summary>
    Task<bool> TrySteerAsync(SteerRequest request, CancellationToken cancellationToken);
}

/// <summary>Words for a response that is being generated (<c>response.steer</c>).</summary>
public sealed record SteerRequest(string PreviousResponseId, string Text);

/// <summary>A transport could not be opened, or broke before the terminal event.</summary>
public sealed class TransportException : Exception
{
    /// <summary>Makes one from its cause.</summary>
    public TransportException(TransportFailure failure, string message, Exception? innerException)
        : base(message, innerException) => Failure = failure;

    /// <summary>What happened.</summary>
    public TransportFailure Failure { get; }

    /// <summary>HTTP status of a refused upgrade or request, or null.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Close code received, or null.</summary>
    public int? CloseCode { get; init; }

    /// <summary>The upstream's own error, where it gave one.</summary>
    public ResponseError? Error { get; init; }

    /// <summary><c>Retry-After</c> of a refusal, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when the request had begun to be sent, so the upstream may have seen (and may bill) it.</summary>
    public bool MayHaveBeenSent { get; init; }

    /// <summary>True when the socket had never carried an event: it was accepted, and then refused in practice.</summary>
    public bool NeverDelivered { get; init; }

    /// <summary>The clock that ended it, or null when something else did.</summary>
    public UpstreamTimeout? Clock => Failure switch
    {
        TransportFailure.ConnectTimeout => UpstreamTimeout.Connect,
        TransportFailure.FirstEventTimeout => UpstreamTimeout.FirstEvent,
        TransportFailure.KeepAliveTimeout => UpstreamTimeout.KeepAlive,
        _ => null,
    };
}

/// <summary>The ways in which a transport fails.</summary>
public enum TransportFailure
{
    /// <summary>No answer to the connect within <c>Upstream:ConnectTimeout</c>.</summary>
    ConnectTimeout,

    /// <summary>The network could not reach the upstream.</summary>
    Unreachable,

    /// <summary>The upgrade or the request was answered with an HTTP status that is not success.</summary>
    Refused,

    /// <summary>No event within <c>Upstream:FirstEventTimeout</c>.</summary>
    FirstEventTimeout,

    /// <summary>A ping was not answered within <c>Upstream:KeepAliveTimeout</c>: the connection is dead though nobody closed it.</summary>
    KeepAliveTimeout,

    /// <summary>The connection ended before the terminal event.</summary>
    Lost,

    /// <summary>A frame or body exceeded the size cap.</summary>
    TooLarge,

    /// <summary>Something arrived that is not the protocol.</summary>
    Protocol,
}
