using Copilot.Demo.Tools.Data;
using Copilot.Domain.Settings;
using Copilot.Domain.Tools;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

/// <summary>Registers the sample company: its database, created at start-up if missing, and its tools.</summary>
internal static class DemoToolsServiceCollectionExtensions
{
    public static IServiceCollection AddDemoTools(this IServiceCollection services)
    {
        services.AddTools();
        services.AddOptions<DemoToolsOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<DemoToolsOptions>>(
            new SectionValidator<DemoToolsOptions>(DemoToolsOptions.Section, new DemoToolsOptionsValidator()));
        services.TryAddSingleton<DemoDatabase>();
        services.AddHostedService<DemoDatabaseStart>();
        return services
            .AddTool<CrmFindCustomerTool>()
            .AddTool<InventorySearchTool>()
            .AddTool<ScheduleFindSlotsTool>()
            .AddTool<InventoryReserveTool>()
            .AddTool<ScheduleBookTool>()
            .AddTool<CrmAddNoteTool>()
            .AddTool<OrdersListTool>()
            .AddTool<OrdersPlaceTool>()
            .AddTool<SqlQueryTool>();
    }
}
