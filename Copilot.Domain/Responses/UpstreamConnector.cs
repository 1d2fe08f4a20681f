using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses;

/// <summary>Opens the transport that <c>Upstream:Transport</c> asks for; <c>Auto</c> tries the socket and then HTTP.</summary>
internal sealed partial class UpstreamConnector(
    IUpstreamEndpoint endpoints,
    IOptionsMonitor<UpstreamOptions> options,
    UpstreamHttp http,
    TimeProvider clock,
    ILoggerFactory loggers) : IUpstreamConnector
{
    private readonly ILogger _logger = loggers.CreateLogger<UpstreamConnector>();

    /// <inheritdoc/>
    public async Task<IResponsesTransport> ConnectAsync(Action<ConnectNotice> notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var endpoint = await endpoints.GetAsync(cancellationToken).ConfigureAwait(false);
        var current = options.CurrentValue;
        if (current.Transport == TransportChoice.Http)
        {
            return await OpenAsync(TransportKind.Http, endpoint, current, notice, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await OpenAsync(TransportKind.WebSocket, endpoint, current, notice, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException error) when (current.Transport == TransportChoice.Auto && error.HttpStatus != 401)
        {
            // A wrong key would be wrong over HTTP as well; everything else may be the doing of something in between.
            var reason = Reason(error);
            LogFellBack(reason);
            notice(new ConnectNotice.FellBack(TransportKind.WebSocket, TransportKind.Http, reason));
            return await OpenAsync(TransportKind.Http, endpoint, current, notice, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IResponsesTransport> OpenAsync(
        TransportKind kind, UpstreamEndpoint endpoint, UpstreamOptions current, Action<ConnectNotice> notice, CancellationToken cancellationToken)
    {
        var shown = UpstreamHttp.Shown(UpstreamHttp.EndpointOf(endpoint.BaseUrl, kind));
        notice(new ConnectNotice.Connecting(kind, shown));
        var started = clock.GetTimestamp();
        IResponsesTransport transport = kind == TransportKind.WebSocket
            ? new WebSocketTransport(endpoint, current, http, clock, loggers.CreateLogger<WebSocketTransport>())
            : new HttpTransport(endpoint, current, http, clock, loggers.CreateLogger<HttpTransport>());
        try
        {
            await transport.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var elapsed = clock.GetElapsedTime(started);
            LogConnected(kind, shown, elapsed);
            notice(new ConnectNotice.Connected(kind, elapsed));
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return transport;
    }

    private static string Reason(TransportException error) => error switch
    {
        { HttpStatus: >= 300 and < 400 and var status } => $"the socket was redirected with status {status}",
        { HttpStatus: { } status } => $"the socket was refused with status {status}",
        { Failure: TransportFailure.ConnectTimeout } => "the socket did not open in time",
        { Failure: TransportFailure.Protocol } => "the socket was opened wrongly",
        _ => "the socket could not be opened",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to {Endpoint} by {Transport} in {Elapsed}")]
    private partial void LogConnected(TransportKind transport, Uri endpoint, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Falling back to HTTP: {Reason}")]
    private partial void LogFellBack(string reason);
}
