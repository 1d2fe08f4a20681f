using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Responses.Transports;

/// <summary>
/// One connection to the upstream. It connects once and carries one response at a time; an error event ends the response, not the
/// transport. Disposing closes it cleanly (close code 1000 on a socket).
/// </summary>
public interface IResponsesTransport : IAsyncDisposable
{
    /// <summary>WebSocket or HTTP.</summary>
    TransportKind Kind { get; }

    /// <summary>The base address, without query parameters and user information: safe to log.</summary>
    Uri Endpoint { get; }

    /// <summary>Completes when the connection has ended, also while it is idle. Never faults.</summary>
    Task<TransportEnd> Ended { get; }

    /// <summary>
    /// True when it should be closed and replaced before the next response, never during one: a socket that is too old
    /// (<c>Upstream:MaxConnectionAge</c>), or HTTP where a socket is available again. Cheap to read; stays true until it is replaced or
    /// the better transport is gone.
    /// </summary>
    bool ShouldRotate { get; }

    /// <summary>Opens the connection. Call once.</summary>
    /// <exception cref="TransportException">It could not be opened; the exception says why.</exception>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// True while it carries a response that may be steered: it has started and not ended, and the settings and the model allow it.
    /// </summary>
    bool CanSteer { get; }

    /// <summary>
    /// Sends one request, prepared for <see cref="Kind"/>, and streams its events up to and including the terminal one. A response that was steered may be followed by
    /// one that nobody requested; then its events come, too, and the terminal event of the last one ends the stream. Leaving the enumeration early, or
    /// cancelling, abandons the response; the connection can still be closed cleanly but not used again.
    /// </summary>
    /// <exception cref="TransportException">The stream stopped without a terminal event, or the request could not be sent.</exception>
    IAsyncEnumerable<ResponseEvent> CreateResponseAsync(PreparedRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Sends <c>response.steer</c>. True once it may have been sent: <see cref="SteerEvent"/>s report the outcome, and if none arrives
    /// before the stream ends, the outcome is unknown. False when nothing was sent: the transport cannot steer, or the response has
    /// ended.
    /// </summary>
    Task<bool> TrySteerAsync(SteerRequest request, CancellationToken cancellationToken);
}
