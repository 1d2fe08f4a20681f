using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Erasure;

/// <summary>Registers erasure. The host provides the store (<see cref="IErasureStore"/>) and runs <see cref="ErasureWorker"/>.</summary>
public static class ErasureServiceCollectionExtensions
{
    /// <summary>Adds <see cref="ErasureService"/> and <see cref="RetentionService"/>, for people. Needs the stores and <see cref="IRunAccess"/>.</summary>
    public static IServiceCollection AddErasure(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ErasureChanges>();
        services.AddSingleton(provider => new ErasureService(
            provider.GetRequiredService<IErasureStore>(),
            provider.GetRequiredService<IRunAccess>(),
            provider.GetRequiredService<ErasureChanges>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RetentionService(
            provider.GetRequiredService<IRetentionStore>(),
            provider.GetRequiredService<IRunAccess>(),
            provider.GetRequiredService<ErasureChanges>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RetentionService>>()));
        return services;
    }

    /// <summary>Adds the worker. Needs <see cref="AddErasure"/>, the runs and the upstream.</summary>
    public static IServiceCollection AddErasureWorker(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>();
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton(provider => new ErasureWorker(
            provider.GetRequiredService<IErasureStore>(),
            provider.GetRequiredService<IRetentionStore>(),
            provider.GetRequiredService<IRunEventStore>(),
            provider.GetRequiredService<IRuns>(),
            provider.GetRequiredService<IRunFeed>(),
            provider.GetRequiredService<RunDirectory>(),
            provider.GetRequiredService<IStoredResponses>(),
            provider.GetRequiredService<IUpstreamEndpoint>(),
            provider.GetServices<ISessionEraser>(),
            provider.GetRequiredService<ErasureChanges>(),
            provider.GetRequiredService<IOptions<RetentionOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>(),
            provider.GetRequiredService<ILogger<ErasureWorker>>()));
        return services;
    }
}
