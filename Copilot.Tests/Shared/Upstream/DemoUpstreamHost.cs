using Copilot.Demo.Upstream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Shared.Upstream;

/// <summary>The demo upstream behind a real Kestrel on a free loopback port, as fast as it can unless told otherwise.</summary>
internal sealed class DemoUpstreamHost : IAsyncDisposable
{
    public const string Key = "test-key";

    private readonly WebApplication _application;

    private DemoUpstreamHost(WebApplication application, Uri address, OpenCount connections, OpenCount requests)
    {
        _application = application;
        Connections = connections;
        Requests = requests;
        BaseAddress = new Uri(address, "/demo/v1");
        Http = new HttpClient { BaseAddress = new Uri(address, "/demo/v1/") };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
    }

    /// <summary>What a client is configured with: <c>http://127.0.0.1:port/demo/v1</c>.</summary>
    public Uri BaseAddress { get; }

    public Uri SocketAddress => new UriBuilder(BaseAddress) { Scheme = "ws", Path = "/demo/v1/responses" }.Uri;

    /// <summary>A client with the key, whose base address ends in <c>/demo/v1/</c>.</summary>
    public HttpClient Http { get; }

    /// <summary>TCP connections that are open, those included that a client keeps for later.</summary>
    public OpenCount Connections { get; }

    /// <summary>Sockets that are open, and requests that are being answered.</summary>
    public OpenCount Requests { get; }

    public IServiceProvider Services => _application.Services;

    public static Task<DemoUpstreamHost> StartAsync() => StartAsync(TimeProvider.System, tokensPerSecond: 0);

    public static Task<DemoUpstreamHost> StartAsync(TimeProvider time, double tokensPerSecond) =>
        StartAsync(time, tokensPerSecond, _ => { });

    /// <summary>With options of its own; connections never grow too old unless these say so.</summary>
    public static async Task<DemoUpstreamHost> StartAsync(
        TimeProvider time, double tokensPerSecond, Action<DemoUpstreamOptions> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var (connections, requests) = (new OpenCount(), new OpenCount());
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(
            next => connection => connections.DuringAsync(() => next(connection)))));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time);
        builder.Services.AddDemoUpstream();
        builder.Services.Configure<DemoUpstreamOptions>(options =>
        {
            options.TokensPerSecond = tokensPerSecond;
            options.MaxConnectionAge = null;
            configure(options);
        });

        var application = builder.Build();
        application.Use((HttpContext context, RequestDelegate next) => requests.DuringAsync(() => next(context)));
        application.UseWebSockets();
        application.MapDemoUpstream();
        await application.StartAsync();
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new DemoUpstreamHost(application, new Uri(address), connections, requests);
    }

    public Task StopAsync() => _application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _application.DisposeAsync();
    }
}
