using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses;

/// <summary>Registers the connection to the upstream.</summary>
public static class ResponsesServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IUpstreamConnector"/>, <see cref="IStoredResponses"/> and <see cref="SocketBreaker"/> (singletons) and <see cref="ResponsesSession"/> (scoped to
    /// the run). Needs options for <see cref="UpstreamOptions"/> and logging. <see cref="IUpstreamEndpoint"/> comes from the options unless it is registered before.
    /// </summary>
    public static IServiceCollection AddResponses(this IServiceCollection services)
    {
        services.AddOptions<UpstreamOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IUpstreamEndpoint, ConfiguredUpstreamEndpoint>();
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton<UpstreamHttp>();
        services.TryAddSingleton<ConnectRateLimiter>();
        services.TryAddSingleton<WarmUpRefusals>();
        services.TryAddSingleton<SteeringSupport>();
        services.TryAddSingleton<RequestExtras>();
        services.TryAddSingleton<ContextWindows>();
        services.TryAddSingleton<CopilotMetrics>();
        services.TryAddSingleton(provider =>
        {
            var breaker = new SocketBreaker(
                provider.GetRequiredService<IOptionsMonitor<UpstreamOptions>>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<SocketBreaker>>());
            provider.GetRequiredService<CopilotMetrics>().ObserveSockets(
                [.. Enum.GetValues<SocketCircuit>().Select(circuit => circuit.Wire())], () => breaker.State.State.Wire());
            return breaker;
        });
        services.TryAddSingleton<IUpstreamConnector, UpstreamConnector>();
        services.TryAddSingleton<IStoredResponses, HttpStoredResponses>();
        services.TryAddSingleton<IContainerFiles, HttpContainerFiles>();
        services.TryAddSingleton<UpstreamCompactor>();
        services.TryAddSingleton(provider => new ShortAnswers(
            provider.GetRequiredService<IUpstreamEndpoint>(),
            provider.GetRequiredService<UpstreamHttp>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ShortAnswers>>()));
        services.TryAddScoped<ResponsesSession>();
        return services;
    }
}
