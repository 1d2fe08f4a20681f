using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Recording;

/// <summary>The product's upstream connection for one upstream and one transport, with the connection pool that belongs to it.</summary>
internal sealed class UpstreamClient : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public UpstreamClient(Uri baseUrl, TransportKind kind)
        : this(baseUrl, kind, static _ => { })
    {
    }

    public UpstreamClient(Uri baseUrl, TransportKind kind, Action<UpstreamOptions> configure)
    {
        var services = new ServiceCollection().AddLogging().AddResponses();
        services.Configure<UpstreamOptions>(options =>
        {
            options.BaseUrl = baseUrl;
            options.ApiKey = "bench";
            options.Transport = kind is TransportKind.WebSocket ? TransportChoice.WebSocket : TransportChoice.Http;
            configure(options);
        });
        _services = services.BuildServiceProvider();
    }

    /// <summary>A transport that is connected; the caller disposes it.</summary>
    public Task<IResponsesTransport> ConnectAsync(CancellationToken cancellationToken) => ConnectAsync(static _ => { }, cancellationToken);

    /// <summary>The same, reporting each step.</summary>
    public Task<IResponsesTransport> ConnectAsync(Action<ConnectNotice> notice, CancellationToken cancellationToken) =>
        _services.GetRequiredService<IUpstreamConnector>().ConnectAsync(ConnectPurpose.Run, notice, cancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
