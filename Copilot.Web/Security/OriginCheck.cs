using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Security;

/// <summary>
/// Refuses requests from pages of other sites: everything under <c>/_blazor</c> (negotiate, long polling and
/// sockets, to which CORS does not apply), and every cookie-authenticated request that changes something. The HTTP API does not accept
/// cookies and is not checked.
/// </summary>
internal static partial class OriginCheck
{
    private const string Circuits = "/_blazor";
    private const int MaxName = 200;

    /// <summary>Adds the check; call it before anything that reads the cookie.</summary>
    public static IApplicationBuilder UseOriginCheck(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OriginCheck).FullName!);
        var lines = app.ApplicationServices.GetRequiredService<RepeatedLines>();
        return app.Use((context, next) =>
        {
            if (Allows(context.Request))
            {
                return next(context);
            }

            var (origin, host) = (OriginOf(context.Request), Short(context.Request.Host.Value));
            if (lines.IsDue(nameof(OriginCheck), out var unlogged))
            {
                var isCircuit = context.Request.Path.StartsWithSegments(Circuits, StringComparison.OrdinalIgnoreCase);
                LogRefused(logger, context.Request.Method, origin ?? "another site", host, isCircuit, unlogged);
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(
                origin is null ? SecurityText.ForeignPage : SecurityText.OtherOrigin(origin, host), context.RequestAborted);
        });
    }

    /// <summary>True when the request comes from a page of this site, or needs no check.</summary>
    internal static bool Allows(HttpRequest request)
    {
        var isCircuit = request.Path.StartsWithSegments(Circuits, StringComparison.OrdinalIgnoreCase);
        var isUnsafe = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
            && !HttpMethods.IsOptions(request.Method) && !HttpMethods.IsTrace(request.Method);
        if (!isCircuit && !(isUnsafe && request.Headers.ContainsKey(HeaderNames.Cookie)))
        {
            return true;
        }

        if (request.Headers.TryGetValue(HeaderNames.Origin, out var origin))
        {
            return IsOwn(origin, request);
        }

        // Browsers send Origin with every socket and every POST; a long poll is a GET and may come without.
        var mustHaveOrigin = isCircuit && (isUnsafe || IsUpgrade(request));
        return !mustHaveOrigin && (request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"] or ["none"]);
    }

    private static bool IsUpgrade(HttpRequest request) =>
        request.Headers.ContainsKey(HeaderNames.Upgrade) || HttpMethods.IsConnect(request.Method);

    // A proxy may terminate TLS, so https outside is http here; the reverse is another site's page.
    private static bool IsOwn(StringValues origin, HttpRequest request) =>
        origin is [{ } value]
        && Uri.TryCreate(value, UriKind.Absolute, out var page)
        && (page.Scheme == Uri.UriSchemeHttps || (page.Scheme == Uri.UriSchemeHttp && !request.IsHttps))
        && page.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase)
        && page.Port == (request.Host.Port ?? (page.Scheme == Uri.UriSchemeHttps ? 443 : 80));

    // As an address, so that nothing else of what was sent is repeated.
    private static string? OriginOf(HttpRequest request) =>
        request.Headers.Origin is [{ } value] && Uri.TryCreate(value, UriKind.Absolute, out var page) && page.Scheme is "http" or "https"
            ? Short(page.GetLeftPart(UriPartial.Authority))
            : null;

    private static string Short(string? name) => name is { Length: > MaxName } ? name[..MaxName] + "…" : name ?? "";

    [LoggerMessage(
        LogLevel.Warning,
        "Refused a {Method} request from a page of {Origin}, asked as {Host} (circuit: {IsCircuit}, {Unlogged} more since the last line)")]
    private static partial void LogRefused(ILogger logger, string method, string origin, string host, bool isCircuit, long unlogged);
}
