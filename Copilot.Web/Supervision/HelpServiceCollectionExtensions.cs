using Copilot.Domain.Erasure;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Switches;
using Copilot.Web.Supervision.Help;
using Copilot.Web.Supervision.Incident;
using Copilot.Web.Supervision.Rules;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Copilot.Web.Supervision;

/// <summary>Registers help, the levers for an incident, and the rules that supervisors write.</summary>
internal static class HelpServiceCollectionExtensions
{
    /// <summary>Registers them, with the agent's tool that asks for help.</summary>
    public static IServiceCollection AddHelpAndLevers(this IServiceCollection services)
    {
        services.AddTools();
        services.AddSingleton<HelpRequests>();
        services.AddSingleton<ISessionEraser>(provider => provider.GetRequiredService<HelpRequests>());
        services.AddSingleton<Levers>();
        services.AddSingleton<IToolSwitches>(provider => provider.GetRequiredService<Levers>());
        services.AddSingleton<IntakeStops>();
        services.AddSingleton<LeverTargets>();
        services.AddSingleton<RuleTargets>();
        services.AddSingleton<BulkStop>();
        services.AddSingleton<RuleDraftCheck>();
        services.AddSingleton<SupervisionRules>();
        services.TryAddSingleton<RuleTrial>();
        services.AddHostedService<SupervisionStart>();
        services.AddTool<RequestHelpTool>();
        return services;
    }
}
