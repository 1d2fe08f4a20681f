namespace Copilot.Domain.Responses;

/// <summary>Opens transports to the upstream, according to <c>Upstream:Transport</c>.</summary>
public interface IUpstreamConnector
{
    /// <summary>
    /// Opens one transport. The caller owns it and disposes it. With <see cref="TransportChoice.Auto"/> a socket that does not open
    /// at once never keeps the caller waiting: HTTP is handed out, and once a socket is to be had, the transport's
    /// <see cref="IResponsesTransport.ShouldRotate"/> says so.
    /// </summary>
    /// <param name="purpose">What the transport is for.</param>
    /// <param name="notice">Told of each step as it happens, in order, before the call returns.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="TransportException">No transport could be opened.</exception>
    Task<IResponsesTransport> ConnectAsync(ConnectPurpose purpose, Action<ConnectNotice> notice, CancellationToken cancellationToken);
}

/// <summary>What a transport is opened for.</summary>
public enum ConnectPurpose
{
    /// <summary>The next responses of a run: what <c>Upstream:Transport</c> says.</summary>
    Run,

    /// <summary>To be ready while the user types: as <see cref="Run"/>, but a slow socket is waited for, because nobody waits.</summary>
    WarmUp,

    /// <summary>HTTP for one request; the transport then asks to be replaced (<see cref="FailureDecision.UseHttpForThisRequest"/>).</summary>
    HttpForRequest,

    /// <summary>HTTP for the rest of the run (<see cref="FailureDecision.UseHttpForThisRun"/>).</summary>
    HttpForRun,
}

/// <summary>One step of opening a transport, fit to be shown and logged: it never carries a key.</summary>
public abstract record ConnectNotice
{
    private ConnectNotice()
    {
    }

    /// <summary>A transport is about to be opened.</summary>
    /// <param name="Kind">What is tried.</param>
    /// <param name="Endpoint">Where, without query parameters and user information.</param>
    public sealed record Connecting(TransportKind Kind, Uri Endpoint) : ConnectNotice;

    /// <summary>The connect waits its turn, because the process opens only so many at once (<see cref="ConnectRateLimiter"/>).</summary>
    /// <param name="Ahead">How many connects are ahead of it.</param>
    public sealed record Queued(int Ahead) : ConnectNotice;

    /// <summary>The transport is open.</summary>
    /// <param name="Kind">What was opened.</param>
    /// <param name="Elapsed">How long it took.</param>
    public sealed record Connected(TransportKind Kind, TimeSpan Elapsed) : ConnectNotice
    {
        /// <summary>True when it was opened before it was needed, while the user typed.</summary>
        public bool Prepared { get; init; }
    }

    /// <summary>The upstream has read instructions, tools and the conversation so far, before there was anything to answer.</summary>
    /// <param name="ResponseId">The warm-up's response, which the next request continues.</param>
    /// <param name="InputItems">How many input items it carried.</param>
    /// <param name="Bytes">Its length on the wire, in bytes of JSON.</param>
    /// <param name="Usage">What it cost, where the upstream says so.</param>
    public sealed record Warmed(string ResponseId, int InputItems, long Bytes, ResponseUsage Usage) : ConnectNotice;

    /// <summary>One transport could not be opened, or not soon enough, and another takes its place.</summary>
    /// <param name="From">What failed.</param>
    /// <param name="To">What is tried next.</param>
    /// <param name="Reason">One plain sentence without a capital or a full stop.</param>
    /// <param name="Clock">The clock that fired, or null when something else happened.</param>
    public sealed record FellBack(TransportKind From, TransportKind To, string Reason, UpstreamTimeout? Clock) : ConnectNotice;
}
