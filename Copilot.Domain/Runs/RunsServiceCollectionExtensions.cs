using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Actor.Calls;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Grants;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Registry;
using Copilot.Domain.Runs.Rules;
using Copilot.Domain.Telemetry;
using Copilot.Domain.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs;

/// <summary>Registers the runs. The host gives the store (<see cref="IRunEventStore"/>), the files' contents
/// (<see cref="IFileContents"/>) where it has any, the upstream and the tools.</summary>
public static class RunsServiceCollectionExtensions
{
    /// <summary>Adds what starts, owns, records and shows runs.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.AddOptions<RunOptions>();
        services.AddOptions<PriceOptions>();
        services.TryAddSingleton<PriceTable>();
        services.AddOptions<HostedToolsOptions>();
        services.AddSingleton<HostedToolCatalog>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CopilotMetrics>();
        services.TryAddSingleton(new TelemetryOptions());
        services.AddSingleton<RunLogs>();
        services.AddSingleton<RunDirectory>();
        services.AddSingleton<IRunDirectory>(provider => provider.GetRequiredService<RunDirectory>());
        services.AddSingleton<StoreAvailability>();
        services.AddSingleton<IStorageHealth>(provider => provider.GetRequiredService<StoreAvailability>());
        services.AddSingleton<RunEventWriter>();
        services.AddSingleton<IRunFeed, RunFeed>();
        services.TryAddSingleton<IFileContents, NoFileContents>();
        services.TryAddSingleton<IApprovalGrants, NoApprovalGrants>();
        services.TryAddSingleton<IRunRules, NoRunRules>();
        services.AddSingleton<StorageReads>();
        services.AddSingleton<SessionHistory>();
        services.AddSingleton(provider => new RunRegistry(
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<IRunEventStore>(),
            provider.GetRequiredService<SessionHistory>(),
            provider.GetRequiredService<RunEventWriter>(),
            provider.GetRequiredService<IStorageHealth>(),
            provider.GetRequiredService<RunLogs>(),
            provider.GetRequiredService<RunDirectory>(),
            provider.GetRequiredService<ToolRegistry>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<RunOptions>>(),
            provider.GetRequiredService<IOptions<UpstreamOptions>>(),
            provider.GetRequiredService<CopilotMetrics>(),
            provider.GetRequiredService<ILogger<RunRegistry>>()));
        services.AddSingleton<IRuns>(provider => provider.GetRequiredService<RunRegistry>());
        services.AddSingleton<IRunPreparations>(provider => provider.GetRequiredService<RunRegistry>());

        // One of each per run: only the registry's run scopes resolve them, never a circuit or a request.
        services.AddScoped<ResponsesSession>();
        services.AddScoped<RunUpstream>();
        services.AddScoped<RunTools>();
        services.AddScoped<RunPreparer>();
        services.AddScoped<RunAssembler>();
        services.AddScoped<RunMailbox>();
        services.AddScoped<RunActor>();
        return services;
    }
}
