using Copilot.Web.Options;
using Copilot.Web.Supervision.Rules;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>Registers alerts.</summary>
internal static class AlertsServiceCollectionExtensions
{
    /// <summary>Adds the alerts, what raises alerts, what reports them, and their settings.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddSettings<AlertOptions, AlertOptionsValidator>("Alerts");
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton<AlertReports>();
        services.AddSingleton<RunAlerts>();
        services.AddHostedService<AlertStart>();
        services.AddHostedService<AlertEngine>();
        services.AddHostedService<AlertReporter>();
        services.AddHostedService<RuleLedger>();
        return services;
    }
}
