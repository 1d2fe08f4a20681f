using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;

namespace Copilot.Web.Components.Kit;

/// <summary>What the shell uses of MudBlazor.</summary>
internal static class KitServiceCollectionExtensions
{
    /// <summary>Registers it, without what our content security policy refuses or our pages have no use for.</summary>
    public static IServiceCollection AddKit(this IServiceCollection services)
    {
        services.AddMudServices(kit => kit.PopoverOptions.ModalOverlay = true);
        services.AddScoped<IBrowserViewportService, StyledViewport>();

        // Its snack bar writes style elements.
        services.RemoveAll<ISnackbar>();
        return services;
    }
}
