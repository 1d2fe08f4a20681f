using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>Opens transports to the upstream, according to <c>Upstream:Transport</c>.</summary>
public interface IUpstreamConnector
{
    /// <summary>
    /// Opens one transport. The caller owns it and disposes it. With <see cref="TransportChoice.Auto"/> a socket that does not open at
    /// once never delays the caller: HTTP is returned, and once a socket is available, the transport's
    /// <see cref="IResponsesTransport.ShouldRotate"/> becomes true.
    /// </summary>
    /// <param name="purpose">What the transport is for.</param>
    /// <param name="notice">Receives each step as it happens, in order, before the call returns.</param>
    /// <param name="cancellationToken">Cancels connecting.</param>
    /// <exception cref="TransportException">No transport could be opened.</exception>
    Task<IResponsesTransport> ConnectAsync(ConnectPurpose purpose, Action<ConnectNotice> notice, CancellationToken cancellationToken);
}
