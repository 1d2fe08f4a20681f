using Copilot.Domain.Responses;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Copilot.Bench.Recording;

/// <summary>The product's transports to one upstream, with the connection pool they share.</summary>
internal sealed class UpstreamClient : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly UpstreamOptions _options = new();
    private readonly UpstreamEndpoint _endpoint;
    private readonly UpstreamHttp _http;

    public UpstreamClient(Uri baseUrl)
    {
        _services = new ServiceCollection().AddOptions().BuildServiceProvider();
        _endpoint = new UpstreamEndpoint(baseUrl, "bench", IsDemo: true);
        _http = new UpstreamHttp(_services.GetRequiredService<IOptionsMonitor<UpstreamOptions>>());
    }

    /// <summary>A transport that is connected.</summary>
    public async Task<IResponsesTransport> ConnectAsync(TransportKind kind, CancellationToken cancellationToken)
    {
        IResponsesTransport transport = kind is TransportKind.WebSocket
            ? new WebSocketTransport(_endpoint, _options, _http, TimeProvider.System, NullLogger<WebSocketTransport>.Instance)
            : new HttpTransport(_endpoint, _options, _http, TimeProvider.System, NullLogger<HttpTransport>.Instance);
        await transport.ConnectAsync(cancellationToken);
        return transport;
    }

    public void Dispose()
    {
        _http.Dispose();
        _services.Dispose();
    }
}
