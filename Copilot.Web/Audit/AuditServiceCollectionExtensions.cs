using Copilot.Domain.Audit.Checkpoints;
using Copilot.Web.Options;

namespace Copilot.Web.Audit;

/// <summary>Registers what seals and verifies what is stored.</summary>
internal static class AuditServiceCollectionExtensions
{
    /// <summary>The installation's keys for checkpoints; none is made before it is needed.</summary>
    public static IServiceCollection AddCheckpointKeys(this IServiceCollection services, Func<IServiceProvider, string> folder)
    {
        services.AddSingleton<ICheckpointSigner>(provider => new CheckpointSigner(folder(provider)));
        services.AddSingleton<ICheckpointKeys>(provider => new PublicCheckpointKeys(folder(provider)));
        services.AddSingleton(provider => new LastCheckpoint(folder(provider)));
        return services;
    }

    /// <summary>Checkpoints while the server runs, and the services of the audit's page.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSettings<AuditOptions, AuditOptionsValidator>("Audit");
        services.AddSingleton<CheckpointMaker>();
        services.AddSingleton<AuditAdministration>();
        services.AddHostedService<SettingsWatch>();
        services.AddHostedService<CheckpointWorker>();
        return services;
    }
}
