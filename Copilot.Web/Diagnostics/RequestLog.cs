using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.StaticAssets;
using Serilog;
using Serilog.Events;

namespace Copilot.Web.Diagnostics;

/// <summary>Logs one line per request: method, path, status and milliseconds, never the query.</summary>
internal static class RequestLog
{
    // Longer than any address of the product.
    private const int MaxPath = 200;

    private const string Template = "{RequestMethod:l} {RequestPath:l} answered {StatusCode} in {Elapsed:0.0} ms";

    /// <summary>Call it first: the status is then the one that was sent, also after an error page.</summary>
    public static WebApplication UseRequestLog(this WebApplication app)
    {
        app.UseSerilogRequestLogging(options =>
        {
            options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = Template;
            options.GetLevel = (context, _, exception) => Level(context, exception);
            options.GetMessageTemplateProperties = (context, _, elapsed, status) =>
            [
                new LogEventProperty("RequestMethod", new ScalarValue(context.Request.Method)),
                new LogEventProperty("RequestPath", new ScalarValue(Path(context))),
                new LogEventProperty("StatusCode", new ScalarValue(status)),
                new LogEventProperty("Elapsed", new ScalarValue(elapsed)),
            ];
        });
        return app;
    }

    /// <summary>Information; server errors are errors; automatic requests of pages and probes are for debugging.</summary>
    internal static LogEventLevel Level(HttpContext context, Exception? exception) => context switch
    {
        _ when IsAutomatic(context) => LogEventLevel.Debug,
        _ when exception is not null || context.Response.StatusCode >= StatusCodes.Status500InternalServerError => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };

    /// <summary>Circuits, scripts and styles, health probes, and the demo upstream, which only this process calls.</summary>
    private static bool IsAutomatic(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
        || context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal)
        || context.Request.Path.StartsWithSegments("/_framework", StringComparison.Ordinal)
        || context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        || context.Request.Path.StartsWithSegments("/demo/v1", StringComparison.Ordinal);

    /// <summary>The path as sent, without the query: still escaped, so that it cannot forge a log line, and not replaced by an error page's path. A long one is cut.</summary>
    private static string Path(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        return path.Length > MaxPath ? path[..MaxPath] + "…" : path;
    }
}
