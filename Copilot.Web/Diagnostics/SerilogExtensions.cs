using System.Diagnostics;
using System.Globalization;
using Copilot.Web.Options;
using Microsoft.AspNetCore.Connections;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Hosting;
using Serilog.Formatting.Json;

namespace Copilot.Web.Diagnostics;

/// <summary>Logs go to the console for people and to rolling JSON files for machines, each line with its W3C trace id.</summary>
internal static class SerilogExtensions
{
    private const long FileSizeLimit = 50 * 1024 * 1024;

    /// <summary>
    /// The first stage: logs errors to the console before there is a configuration. <see cref="AddCopilotLogging"/> turns
    /// it into the logger of the application.
    /// </summary>
    public static ReloadableLogger CreateBootstrapLogger() => new LoggerConfiguration()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .WriteTo.Console(new PlainLineFormatter())
        .CreateBootstrapLogger();

    /// <summary>
    /// The second stage: replaces the framework's log providers. Levels come from <c>Serilog:MinimumLevel</c>, what is not set is as in the product's own file; files go to
    /// <c>App_Data/logs</c> under the content root, one a day, the last fourteen retained.
    /// </summary>
    public static WebApplicationBuilder AddCopilotLogging(this WebApplicationBuilder builder)
    {
        var file = Path.Combine(builder.Environment.ContentRootPath, "App_Data", "logs", "copilot-.json");
        builder.Services.AddSingleton<DistributedContextPropagator, OwnTraceIds>();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSerilog(
            (services, logger) => logger
                // Also where no settings file is: every statement and request in the log would hide what matters, and slow all down.
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
                .MinimumLevel.Override("System", LogEventLevel.Warning)
                .ReadFrom.Configuration(builder.Configuration)
                .Enrich.FromLogContext()
                .Filter.With(new StrangerLines(
                    services.GetRequiredService<IHttpContextAccessor>(), services.GetService<TimeProvider>() ?? TimeProvider.System))
                // The host would log these with a stack trace; the program prints them as plain sentences.
                .Filter.ByExcluding(line => line.Exception is StartRefusedException or IOException { InnerException: AddressInUseException })
                // The server wants the rest of a body whose client has gone. What became of the request is in its own line.
                .Filter.ByExcluding(line => line.MessageTemplate.Text.Contains("automatic draining of the request body failed", StringComparison.Ordinal))
                .WriteTo.Console(new PlainLineFormatter())
                .WriteTo.File(
                    new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture),
                    file,
                    rollingInterval: RollingInterval.Day,
                    fileSizeLimitBytes: FileSizeLimit,
                    rollOnFileSizeLimit: true,
                    retainedFileCountLimit: 14,
                    shared: true),
            // Only the program has a first stage. Without one (tests), each application in a process has its own logger.
            preserveStaticLogger: Log.Logger is not ReloadableLogger);
        CachedLoggers.Decorate(builder.Services);
        return builder;
    }
}
