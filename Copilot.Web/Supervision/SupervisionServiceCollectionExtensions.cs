using Copilot.Domain.Supervision;
using Copilot.Web.Options;

namespace Copilot.Web.Supervision;

/// <summary>Registers what supervisors see of all runs.</summary>
internal static class SupervisionServiceCollectionExtensions
{
    /// <summary>Adds the board, who looks at what, and their settings.</summary>
    public static IServiceCollection AddSupervision(this IServiceCollection services)
    {
        services.AddSettings<SupervisionOptions, SupervisionOptionsValidator>("Supervision");
        services.AddSingleton<RunWatchLog>();
        services.AddHostedService(provider => provider.GetRequiredService<RunWatchLog>());
        services.AddSingleton<IRunPresence, RunPresence>();
        services.AddSingleton<BoardNames>();
        services.AddSingleton<SupervisorAccess>();
        services.AddSingleton<LiveBoard>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveBoard>());
        return services;
    }
}
