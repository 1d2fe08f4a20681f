using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Hosting;

/// <summary>
/// Ends each long poll of a page before a proxy does. The framework answers one after 90 seconds when nothing has happened, many proxies
/// give up after 60, and the page then takes its connection for lost; there is no setting for it.
/// </summary>
internal static class ShortPolls
{
    /// <summary>How long a poll waits.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(45);

    /// <summary>Adds it; call it before the pages are mapped.</summary>
    public static IApplicationBuilder UseShortPolls(this IApplicationBuilder app)
    {
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        return app.Use(async (context, next) =>
        {
            if (!IsPoll(context.Request))
            {
                await next(context);
                return;
            }

            var aborted = context.RequestAborted;
            using var end = new CancellationTokenSource(Longest, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, end.Token);

            // A poll that is cancelled is answered with nothing in it, and the page polls again.
            context.RequestAborted = either.Token;
            try
            {
                await next(context);
            }
            finally
            {
                context.RequestAborted = aborted;
            }
        });
    }

    private static bool IsPoll(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Path.Equals("/_blazor", StringComparison.OrdinalIgnoreCase)
        && !request.Headers.ContainsKey(HeaderNames.Upgrade);
}
