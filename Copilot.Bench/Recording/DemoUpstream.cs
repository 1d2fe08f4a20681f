using Copilot.Demo.Upstream;
using Copilot.Demo.Upstream.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Bench.Recording;

/// <summary>The demo upstream on a free loopback port, at full speed.</summary>
internal sealed class DemoUpstream : IAsyncDisposable
{
    private readonly WebApplication _application;

    private DemoUpstream(WebApplication application, Uri address)
    {
        _application = application;
        Address = address;
        BaseUrl = new Uri(address, "/demo/v1");
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The base address for clients.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Injects faults.</summary>
    public DemoFaults Faults => _application.Services.GetRequiredService<DemoFaults>();

    public static async Task<DemoUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddDemoUpstream();
        builder.Services.Configure<DemoUpstreamOptions>(options => options.TokensPerSecond = 0);
        var application = builder.Build();
        application.UseWebSockets();
        application.MapDemoUpstream();
        await application.StartAsync();
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new DemoUpstream(application, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
