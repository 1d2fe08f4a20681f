using Copilot.Domain.Erasure;
using Copilot.Domain.Runs.Grants;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Runs.Finding;
using Copilot.Web.Runs.Forking;
using Copilot.Web.Runs.Grants;
using Copilot.Web.Runs.Personal;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Upkeep;

namespace Copilot.Web.Runs;

/// <summary>Registers the use cases that pages and the API share.</summary>
internal static class RunCommandsServiceCollectionExtensions
{
    /// <summary>Registers them; they keep no state but the locks of idempotency keys.</summary>
    public static IServiceCollection AddRunCommands(this IServiceCollection services)
    {
        services.AddSingleton<IdempotentStart>();
        services.AddSingleton<IHourlyCleanup>(provider => provider.GetRequiredService<IdempotentStart>());
        services.AddSingleton<StartRun>();
        services.AddSingleton<ForkRun>();
        services.AddSingleton<RunControl>();
        services.AddSingleton<FindRuns>();
        services.AddSingleton<SteerRun>();
        services.AddSingleton<RaiseBudget>();
        services.AddSingleton<DecideApproval>();
        services.AddSingleton<Intervene>();
        services.AddSingleton<AnswerQuestion>();
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<PersonExport>(all));
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<PersonErasure>(all));
        services.AddSingleton<RetentionAdministration>();
        services.AddSingleton<CommentChanges>();
        services.AddSingleton<ISessionEraser, ErasedComments>();
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<CommentAccess>(all));
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<RunComments>(all));
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<Mentions>(all));
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<PersonComments>(all));
        services.AddSingleton<ApprovalGrants>();
        services.AddSingleton<IApprovalGrants>(provider => provider.GetRequiredService<ApprovalGrants>());
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<RememberApproval>(all));
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<DescribeCall>(all));
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<ToolTitles>(all));
        return services;
    }
}
