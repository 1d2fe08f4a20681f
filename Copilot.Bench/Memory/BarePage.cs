using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Bench.Memory;

/// <summary>The least that a Blazor Server page can be: one component that says it is connected. What a circuit costs without a product.</summary>
public sealed class BarePage : ComponentBase
{
    /// <summary>The text that shows once the circuit is there.</summary>
    public const string Connected = "Connected";

    private bool _connected;

    /// <summary>Starts a server with this page alone.</summary>
    public static async Task<(WebApplication App, Uri Address)> StartAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "Copilot.Web",
            EnvironmentName = "Development",
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        var app = builder.Build();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<Document>().AddInteractiveServerRenderMode();
        await app.StartAsync();
        return (app, new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()));
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _connected = true;
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "p");
        builder.AddContent(1, _connected ? Connected : "Loading");
        builder.CloseElement();
    }

    /// <summary>The document around it.</summary>
    [Route("/bare")]
    public sealed class Document : ComponentBase
    {
        /// <inheritdoc/>
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddMarkupContent(0, "<!DOCTYPE html>");
            builder.OpenElement(1, "html");
            builder.OpenElement(2, "body");
            builder.OpenComponent<BarePage>(3);
            builder.AddComponentRenderMode(RenderMode.InteractiveServer);
            builder.CloseComponent();
            builder.AddMarkupContent(4, "<script src=\"_framework/blazor.web.js\"></script>");
            builder.CloseElement();
            builder.CloseElement();
        }
    }
}
