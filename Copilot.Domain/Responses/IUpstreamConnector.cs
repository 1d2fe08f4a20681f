namespace Copilot.Domain.Responses;

/// <summary>Opens transports to the upstream, according to <c>Upstream:Transport</c>.</summary>
public interface IUpstreamConnector
{
    /// <summary>Opens one transport. The caller owns it and disposes it.</summary>
    /// <param name="notice">Told of each step as it happens, in order, on the caller's flow.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="TransportException">No transport could be opened.</exception>
    Task<IResponsesTransport> ConnectAsync(Action<ConnectNotice> notice, CancellationToken cancellationToken);
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

    /// <summary>The transport is open.</summary>
    /// <param name="Kind">What was opened.</param>
    /// <param name="Elapsed">How long it took.</param>
    public sealed record Connected(TransportKind Kind, TimeSpan Elapsed) : ConnectNotice;

    /// <summary>One transport could not be opened and another takes its place.</summary>
    /// <param name="From">What failed.</param>
    /// <param name="To">What is tried next.</param>
    /// <param name="Reason">One plain sentence without a capital or a full stop.</param>
    public sealed record FellBack(TransportKind From, TransportKind To, string Reason) : ConnectNotice;
}
