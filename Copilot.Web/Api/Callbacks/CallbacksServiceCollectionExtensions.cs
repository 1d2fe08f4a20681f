using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Copilot.Web.Api.Callbacks;

/// <summary>Registers callbacks; the host sends them.</summary>
internal static class CallbacksServiceCollectionExtensions
{
    /// <summary>Adds <see cref="RunCallbacks"/> and <see cref="CallbackSender"/>.</summary>
    public static IServiceCollection AddCallbacks(this IServiceCollection services)
    {
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton<RunCallbacks>();
        services.AddSingleton<CallbackSender>();
        return services;
    }
}
