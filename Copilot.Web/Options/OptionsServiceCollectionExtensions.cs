using Copilot.Demo.Tools;
using Copilot.Domain.Costs;
using Copilot.Domain.Erasure;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Tools;
using Copilot.Web.Files;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>Registers the options and their check at start.</summary>
internal static class OptionsServiceCollectionExtensions
{
    /// <summary>
    /// Binds <see cref="UpstreamOptions"/>, <see cref="HostedToolsOptions"/> and <see cref="DemoOptions"/>; the other rooms bind their own. The start fails with one
    /// <see cref="StartRefusedException"/> that lists every error of all of them.
    /// </summary>
    public static WebApplicationBuilder AddCopilotOptions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions();
        services.AddSingleton<UpstreamSettings>();
        services.AddSingleton<IConfigureOptions<UpstreamOptions>>(provider => provider.GetRequiredService<UpstreamSettings>());
        services.AddSingleton<IValidateOptions<UpstreamOptions>>(provider => provider.GetRequiredService<UpstreamSettings>());
        services.AddSingleton<DemoSettings>();
        services.AddSingleton<IConfigureOptions<DemoOptions>>(provider => provider.GetRequiredService<DemoSettings>());
        services.AddSingleton<IValidateOptions<DemoOptions>>(provider => provider.GetRequiredService<DemoSettings>());
        services.AddSingleton<IValidateOptions<RunOptions>, RunOptionsValidator>();
        services.TryAddSingleton<PriceTable>();
        services.AddSingleton<PriceSettings>();
        services.AddSingleton<IConfigureOptions<PriceOptions>>(provider => provider.GetRequiredService<PriceSettings>());
        services.AddSingleton<IValidateOptions<PriceOptions>>(provider => provider.GetRequiredService<PriceSettings>());
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
        services.AddSingleton<HostedToolSettings>();
        services.AddSingleton<IConfigureOptions<HostedToolsOptions>>(provider => provider.GetRequiredService<HostedToolSettings>());
        services.AddSingleton<IValidateOptions<HostedToolsOptions>>(provider => provider.GetRequiredService<HostedToolSettings>());
        services.AddSingleton(provider => UpstreamChoice.From(
            provider.GetRequiredService<IOptions<UpstreamOptions>>(),
            provider.GetRequiredService<IOptions<DemoOptions>>()));
        services.AddHostedService<OptionsCheck>();
        return builder;
    }

    /// <summary>
    /// Checks all options now. Called by the start; a program may call it earlier, before it touches the database.
    /// </summary>
    /// <exception cref="StartRefusedException">Something is wrong; all of it is listed.</exception>
    public static void CheckCopilotOptions(this IServiceProvider services)
    {
        List<string> reasons =
        [
            .. Failures<DemoOptions>(services),
            .. Failures<UpstreamOptions>(services),
            .. Failures<RunOptions>(services),
            .. Failures<PriceOptions>(services),
            .. Failures<FileLimits>(services),
            .. Failures<RetentionOptions>(services),
            .. Failures<HostedToolsOptions>(services),
            .. Failures<DemoToolsOptions>(services),
            .. Failures<ToolOptions>(services),
        ];
        if (reasons.Count > 0)
        {
            throw new StartRefusedException(reasons);
        }
    }

    private static IEnumerable<string> Failures<T>(IServiceProvider services)
        where T : class
    {
        try
        {
            _ = services.GetRequiredService<IOptions<T>>().Value;
            return [];
        }
        catch (OptionsValidationException exception)
        {
            // The domain does not know which section its options come from.
            return exception.OptionsType == typeof(ToolOptions) ? exception.Failures.Select(failure => "Tools:" + failure) : exception.Failures;
        }
        catch (InvalidOperationException exception) when (exception.InnerException is FormatException or ArgumentException)
        {
            // The framework's binder stops at the first value that it cannot convert; its message names setting and value.
            return [exception.Message];
        }
    }

    private sealed class OptionsCheck(IServiceProvider services) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            services.CheckCopilotOptions();
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
