using System.Net.WebSockets;
using System.Runtime.ExceptionServices;
using Websocket.Client;
using Websocket.Client.Exceptions;

namespace Copilot.Domain.Responses.Transports;

/// <summary>Opening the socket and handing it to the library.</summary>
internal sealed partial class WebSocketTransport
{
    private WebsocketClient? _client;

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _native.Options.CollectHttpResponseDetails = true;
        _native.Options.KeepAliveInterval = _options.KeepAliveInterval;
        _native.Options.KeepAliveTimeout = _options.KeepAliveTimeout;
        foreach (var (name, value) in UpstreamHttp.HeadersOf(_endpoint))
        {
            _native.Options.SetRequestHeader(name, value);
        }

        var address = UpstreamHttp.EndpointOf(_endpoint.BaseUrl, TransportKind.WebSocket);

        // Without its log: at its finest level it would record what people and the model write.
        _client = new WebsocketClient(address, logger: null, (uri, disposing) => UpgradeAsync(uri, disposing, cancellationToken))
        {
            // A run's socket is like a transaction. Whether to open another one is decided elsewhere.
            IsReconnectionEnabled = false,
            ReconnectTimeout = null,
            ErrorReconnectTimeout = null,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            // Each message then arrives as its own array, which its event holds on to: no string, no stream, no second copy.
            IsTextMessageConversionEnabled = false,
            IsStreamDisposedAutomatically = true,
        };
        _client.MessageReceived.Subscribe(Receive);
        try
        {
            await _client.StartOrFail().ConfigureAwait(false);
        }
        catch (WebsocketException wrapped) when (wrapped.InnerException is { } exception)
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }

    /// <summary>The library's connection factory. It receives as soon as this returns, so the transport is ready before.</summary>
    private async Task<WebSocket> UpgradeAsync(Uri address, CancellationToken disposing, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken, disposing);
        try
        {
            await _native.ConnectAsync(address, _http.Invoker, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (timeout.IsCancellationRequested || exception is OperationCanceledException))
        {
            throw SocketFailure.ConnectTimeout(_options.ConnectTimeout, exception);
        }
        catch (WebSocketException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw SocketFailure.Connect(_native, exception, _time);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is not OperationCanceledException)
        {
            throw new OperationCanceledException("Connecting was cancelled.", exception, cancellationToken);
        }

        _openedAt = _time.GetTimestamp();
        _opened = true;
        _state = State.Idle;
        return _socket;
    }
}
