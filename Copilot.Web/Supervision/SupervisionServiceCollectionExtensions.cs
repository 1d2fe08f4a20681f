using Copilot.Domain.Runs.Rules;
using Copilot.Domain.Supervision;
using Copilot.Web.Options;
using Copilot.Web.Supervision.Claims;
using Copilot.Web.Supervision.Rules;

namespace Copilot.Web.Supervision;

/// <summary>Registers what supervisors see of all runs.</summary>
internal static class SupervisionServiceCollectionExtensions
{
    /// <summary>Adds the board, who looks at what, and their settings; the host starts <see cref="LiveBoard"/>,
    /// <see cref="RunWatchLog"/> and <see cref="RunClaims"/>.</summary>
    public static IServiceCollection AddSupervision(this IServiceCollection services)
    {
        services.AddSettings<SupervisionOptions, SupervisionOptionsValidator>("Supervision");
        services.AddSingleton<RunWatchLog>();
        services.AddSingleton<IRunPresence, RunPresence>();
        services.AddSingleton<RunClaimRows>();
        services.AddSingleton<RunClaims>();
        services.AddSingleton<BoardNames>();
        services.AddSingleton<SupervisorAccess>();
        services.AddSingleton<RulesInForce>();
        services.AddSingleton<IRunRules>(provider => provider.GetRequiredService<RulesInForce>());
        services.AddSingleton<LiveRows>();
        services.AddSingleton<LiveBoard>();
        return services;
    }
}
