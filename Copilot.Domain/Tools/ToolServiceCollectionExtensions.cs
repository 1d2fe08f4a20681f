using Copilot.Domain.Tools.Invocation;
using Copilot.Domain.Tools.Switches;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Tools;

/// <summary>Registers tools and their invoker.</summary>
public static class ToolServiceCollectionExtensions
{
    /// <summary>
    /// Adds the <see cref="ToolRegistry"/> and the <see cref="ToolInvoker"/>. The tools and the
    /// <see cref="ToolOptions"/> are checked when the host starts. May be called more than once.
    /// </summary>
    public static IServiceCollection AddTools(this IServiceCollection services)
    {
        services.AddOptions<ToolOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ToolOptions>, ToolOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ToolRegistry>();
        services.TryAddSingleton<IToolSwitches, AllToolsOn>();
        services.TryAddSingleton<ToolInvoker>();
        services.TryAddSingleton<ToolApprovals>();
        return services;
    }

    /// <summary>Adds a tool. It lives as long as the process; its calls get their services from <see cref="ToolContext.Services"/>.</summary>
    public static IServiceCollection AddTool<TTool>(this IServiceCollection services)
        where TTool : class, ITool
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, TTool>());
        return services;
    }
}
