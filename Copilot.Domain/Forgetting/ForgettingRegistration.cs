using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Forgetting;

/// <summary>Registers the forgetting. The host gives the store (<see cref="IForgettingStore"/>) and runs <see cref="Forgetter"/>.</summary>
public static class ForgettingRegistration
{
    /// <summary>Adds <see cref="Forgettings"/>, for people. Needs the store and <see cref="IRunAccess"/>.</summary>
    public static IServiceCollection AddForgetting(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ForgettingSignal>();
        services.AddSingleton(provider => new Forgettings(
            provider.GetRequiredService<IForgettingStore>(),
            provider.GetRequiredService<IRunAccess>(),
            provider.GetRequiredService<ForgettingSignal>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>Adds what does the work. Needs <see cref="AddForgetting"/>, the runs and the upstream.</summary>
    public static IServiceCollection AddForgetter(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>();
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton(provider => new Forgetter(
            provider.GetRequiredService<IForgettingStore>(),
            provider.GetRequiredService<IRunEventStore>(),
            provider.GetRequiredService<IRuns>(),
            provider.GetRequiredService<IRunFeed>(),
            provider.GetRequiredService<RunDirectory>(),
            provider.GetRequiredService<IStoredResponses>(),
            provider.GetRequiredService<IUpstreamEndpoint>(),
            provider.GetServices<ISessionRemains>(),
            provider.GetRequiredService<ForgettingSignal>(),
            provider.GetRequiredService<IOptions<RetentionOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>(),
            provider.GetRequiredService<ILogger<Forgetter>>()));
        return services;
    }
}
