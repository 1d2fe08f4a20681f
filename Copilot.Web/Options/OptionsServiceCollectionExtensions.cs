using Copilot.Domain.Costs;
using Copilot.Domain.Erasure;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Settings;
using Copilot.Web.Storage.Packing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>Registers the options and their check at start.</summary>
internal static class OptionsServiceCollectionExtensions
{
    /// <summary>
    /// Binds and checks the options of the agent and of the demo; other rooms add theirs with <see cref="AddSettings{TOptions}"/>. The
    /// start fails with one <see cref="StartRefusedException"/> that lists every error of all of them.
    /// </summary>
    public static WebApplicationBuilder AddCopilotOptions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<DemoOptions>().Configure<IHostEnvironment>((demo, environment) => demo.Enabled = environment.IsDevelopment());
        services.AddSettings<DemoOptions, DemoOptionsValidator>("Demo");
        services.AddSettings<SiteOptions, SiteOptionsValidator>("Site");
        services.AddSettings<LimitOptions, LimitOptionsValidator>("Limits");
        services.AddSettings<UpstreamOptions, UpstreamOptionsValidator>("Upstream");
        services.AddSingleton<UpstreamRules>();
        services.AddSingleton<IPostConfigureOptions<UpstreamOptions>>(provider => provider.GetRequiredService<UpstreamRules>());
        services.AddSingleton<IValidateOptions<UpstreamOptions>>(provider => provider.GetRequiredService<UpstreamRules>());
        services.AddSettings<RunOptions, RunOptionsValidator>("Runs");
        services.AddSingleton<IValidateOptions<RunOptions>, RunBudgetRule>();
        services.TryAddSingleton<PriceTable>();
        services.AddSettings<PriceOptions, PriceOptionsValidator>("Prices");
        services.AddSingleton<IPostConfigureOptions<PriceOptions>, PriceRules>();
        services.AddSettings<RetentionOptions, RetentionOptionsValidator>("Retention");
        services.AddSettings<PackingOptions, PackingOptionsValidator>("Packing");
        services.AddSingleton<HostedToolRules>();
        services.AddSingleton<IConfigureOptions<HostedToolsOptions>>(provider => provider.GetRequiredService<HostedToolRules>());
        services.AddSettings<DisplayOptions>("Display");
        services.AddSettings<CallbackOptions>("Callbacks");
        services.AddSettings<HostedToolsOptions, HostedToolsOptionsValidator>("HostedTools");
        services.AddSingleton<IValidateOptions<HostedToolsOptions>>(provider => provider.GetRequiredService<HostedToolRules>());
        services.AddSingleton(provider => UpstreamChoice.From(
            provider.GetRequiredService<IOptions<UpstreamOptions>>(),
            provider.GetRequiredService<IOptions<DemoOptions>>()));
        services.AddHostedService<OptionsCheck>();
        return builder;
    }

    /// <summary>Binds options to their section of the configuration, checked by their attributes at start.</summary>
    public static IServiceCollection AddSettings<TOptions, TValidator>(this IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>, new()
    {
        services.AddSettings<TOptions>(section);
        return services.AddSingleton<IValidateOptions<TOptions>>(new SectionValidator<TOptions>(section, new TValidator()));
    }

    /// <summary>Binds options to their section of the configuration. Their own validators check them at start.</summary>
    public static IServiceCollection AddSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddOptions();
        services.AddSingleton(provider => new SettingSection<TOptions>(provider.GetRequiredService<IConfiguration>(), section));
        services.AddSingleton<ISettingSection>(provider => provider.GetRequiredService<SettingSection<TOptions>>());
        services.AddSingleton<IConfigureOptions<TOptions>>(provider => provider.GetRequiredService<SettingSection<TOptions>>());
        return services.AddSingleton<IValidateOptions<TOptions>>(provider => provider.GetRequiredService<SettingSection<TOptions>>());
    }

    /// <summary>
    /// Checks all options now. Called by the start; a program may call it earlier, before it touches the database.
    /// </summary>
    /// <exception cref="StartRefusedException">Something is wrong; all of it is listed.</exception>
    public static void CheckCopilotOptions(this IServiceProvider services)
    {
        var reasons = services.GetServices<ISettingSection>().SelectMany(section => section.Check(services)).ToList();
        if (reasons.Count > 0)
        {
            throw new StartRefusedException(reasons);
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
