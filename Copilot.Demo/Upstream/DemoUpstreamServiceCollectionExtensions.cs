using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Model;
using Copilot.Demo.Upstream.Network;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Storing;
using Copilot.Demo.Upstream.WebSockets;
using Copilot.Domain.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Upstream;

/// <summary>
/// Hosts the demo upstream: a local server of the Responses API, over WebSocket and over HTTP, with a scripted
/// model behind it, so that everything runs without a key.
/// </summary>
public static class DemoUpstreamServiceCollectionExtensions
{
    /// <summary>Registers the server and its model. Its time is the registered <see cref="TimeProvider"/>, or the system's.</summary>
    public static IServiceCollection AddDemoUpstream(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.AddOptions<DemoUpstreamOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<DemoUpstreamOptions>>(
            new SectionValidator<DemoUpstreamOptions>(DemoUpstreamOptions.Section, new DemoUpstreamOptionsValidator()));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DemoFaults>();
        services.AddSingleton<DemoNetwork>();
        services.AddSingleton<DemoModel>();
        services.AddSingleton(_ => new ResponseStore());
        services.AddSingleton<ResponseEngine>();
        services.AddSingleton<HttpResponses>();
        services.AddSingleton<StoredResponses>();
        services.AddSingleton<BackgroundResponses>();
        services.AddSingleton<InputTools>();
        services.AddSingleton<WebSocketResponses>();
        return services;
    }
}
