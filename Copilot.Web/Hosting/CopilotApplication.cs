using Copilot.Demo.Tools;
using Copilot.Demo.Upstream;
using Copilot.Domain.Erasure;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Questions;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Tools;
using Copilot.Web.Api;
using Copilot.Web.Audit;
using Copilot.Web.Api.Runs;
using Copilot.Web.Components;
using Copilot.Web.Components.Kit;
using Copilot.Web.Files;
using Copilot.Web.Files.Containers;
using Copilot.Web.Identity;
using Copilot.Web.Options;
using Copilot.Web.Runs;
using Copilot.Web.Security;
using Copilot.Web.Sessions;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Supervision;
using Copilot.Web.Supervision.Claims;
using Copilot.Web.Supervision.Alerts;
using Copilot.Web.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Hosting;

/// <summary>Composes the application. The program and the tests start the same one.</summary>
internal static class CopilotApplication
{
    // The host would watch its whole folder for a changed appsettings.json, and so hear of every write to the database. A file that is
    // half edited would also reach what runs.
    private const string SettingsReadOnce = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>Builds the application with its database brought up to date. Run it, and it listens.</summary>
    /// <param name="args">Command-line configuration.</param>
    /// <exception cref="StartRefusedException">
    /// The configuration has errors, all of which are listed; or the database cannot be created or written.
    /// </exception>
    public static async Task<WebApplication> BuildAsync(string[] args)
    {
        WorkerThreads.Reserve();
        var builder = WebApplication.CreateBuilder([SettingsReadOnce, .. args]);
        AddServices(builder);
        WritableFolders.Check(builder.Environment.ContentRootPath);
        OwnerOnly.Tighten(builder.Environment.ContentRootPath, ConnectionString(builder));
        var app = builder.Build();
        try
        {
            app.Services.CheckCopilotOptions();
            CheckKey(app.Services.GetRequiredService<InstallationKey>());
            await StorageServiceCollectionExtensions.OpenAsync(app.Services, ConnectionString(builder), CancellationToken.None);
            OwnerOnly.Tighten(builder.Environment.ContentRootPath, ConnectionString(builder));
        }
        catch (StorageUnavailableException exception)
        {
            await app.DisposeAsync();
            throw new StartRefusedException([$"{exception.Message} {AdviceOn(exception)}"]);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        Map(app);
        return app;
    }

    private static string ConnectionString(WebApplicationBuilder builder)
    {
        try
        {
            return StorageServiceCollectionExtensions.ConnectionString(
                builder.Configuration.GetConnectionString("Copilot"), builder.Environment.ContentRootPath);
        }
        catch (ArgumentException exception)
        {
            throw new StartRefusedException([$"{exception.Message} {StorageText.Advice}"]);
        }
    }

    private static void CheckKey(InstallationKey key)
    {
        try
        {
            key.Check();
        }
        catch (InvalidDataException exception)
        {
            throw new StartRefusedException([exception.Message]);
        }
    }

    private static string AdviceOn(StorageUnavailableException exception) => exception.InnerException switch
    {
        SqliteException { SqliteErrorCode: 5 or 6 } => StorageText.AdviceLocked,
        SqliteException { SqliteErrorCode: 11 or 26 } => StorageText.AdviceDamaged,
        _ => StorageText.Advice,
    };

    /// <summary>Registers everything; nothing is opened yet.</summary>
    internal static void AddServices(WebApplicationBuilder builder)
    {
        builder.UseBuiltAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddCopilotLogging();
        builder.AddCopilotTelemetry();
        builder.AddCopilotOptions();

        var services = builder.Services;
        services.AddCopilotStorage(ConnectionString(builder));
        services.AddCopilotIdentity();
        services.AddFiles();
        AddSampleCompany(builder);
        services.AddSettings<ToolOptions>("Tools");
        services.AddDemoUpstream();
        services.AddSettings<DemoUpstreamOptions>(DemoUpstreamOptions.Section);
        services.AddOptions<DemoUpstreamOptions>().Configure<IOptions<DemoOptions>>(
            (upstream, demo) => upstream.TokensPerSecond = demo.Value.TokensPerSecond);
        services.AddSingleton<IUpstreamEndpoint, HostUpstreamEndpoint>();
        services.AddSingleton<IFaultInjection, DemoFaultInjection>();
        services.AddResponses();
        services.AddSingleton<ContainerFileDownload>();
        services.AddRuns();
        services.AddSupervision();
        services.AddAudit();
        services.AddErasure();
        services.AddErasureWorker();
        // Before the runs, so that it sees each of them from the beginning.
        services.AddHostedService(provider => provider.GetRequiredService<LiveBoard>());
        services.AddHostedService(provider => provider.GetRequiredService<RunWatchLog>());
        services.AddHostedService(provider => provider.GetRequiredService<RunClaims>());
        services.AddHostedService<RunsHost>();
        services.AddHealthChecks().AddCheck<RunRecoveryHealthCheck>(RunRecoveryHealthCheck.Name, tags: ["ready"]);
        services.AddHostedService<ErasureHost>();
        services.AddHostedService<PackingHost>();
        services.AddHostedService<FirstRunWarmUp>();
        services.AddHostedService<TitleHost>();
        services.AddHostedService<CallbackHost>();
        services.AddHelpAndLevers();
        services.AddAlerts();
        services.AddRunCommands();
        services.AddCopilotApi();
        services.AddChat();
        services.AddKit();
        services.AddProblemDetails();
    }

    // Tools are registered before options are read, so the settings are looked at as they are; OptionsCheck names what is wrong with them.
    private static void AddSampleCompany(WebApplicationBuilder builder)
    {
        bool Setting(string name, bool otherwise) => bool.TryParse(builder.Configuration[name], out var value) ? value : otherwise;
        var isOn = Setting("DemoTools:Enabled", otherwise: Setting("Demo:Enabled", otherwise: builder.Environment.IsDevelopment()));
        builder.Services.AddOptions<DemoToolsOptions>().Configure(options => options.Enabled = isOn);
        builder.Services.AddSettings<DemoToolsOptions>(DemoToolsOptions.Section);
        builder.Services.AddSingleton(new SampleCompany(isOn));
        if (isOn)
        {
            builder.Services.AddDemoTools();
        }
        else
        {
            builder.Services.AddTools();
        }

        builder.Services.AddTool<AskUserTool>();
    }

    private static void Map(WebApplication app)
    {
        app.UseRequestLog();
        app.UseSecurityHeaders();
        app.UsePublicSite();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusAnswers();
        app.UseClientFaults();
        app.UseOriginCheck();
        app.UseShortPolls();
        app.UseWebSockets();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();

        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        app.MapCopilotAccount();
        app.MapFiles();
        app.MapCopilotApi();
        app.MapAudit();
        RunImages.Map(app);
        ContainerFileDownload.Map(app);
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = static (context, report) => context.Response.WriteAsync(string.Join(
                '\n', [report.Status.ToString(), .. report.Entries.Values.Select(entry => entry.Description).OfType<string>()])),
        });
        if (app.Services.GetRequiredService<IOptions<DemoOptions>>().Value.Enabled)
        {
            app.MapDemoUpstream().RequireLoopback();
        }
    }
}
