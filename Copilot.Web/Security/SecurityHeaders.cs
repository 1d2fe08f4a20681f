namespace Copilot.Web.Security;

/// <summary>Sends the security headers with every response, static files and errors included.</summary>
internal static class SecurityHeaders
{
    // style-src-attr: Blazor writes styles with setAttribute and the component kit uses style attributes.
    internal const string ContentSecurityPolicy =
        "default-src 'self'; " + Scripts + "; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-src 'none'; frame-ancestors 'none'; "
        + "form-action 'self'";

    private const string Scripts = "script-src 'self'";

    internal const string PermissionsPolicy =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
        + "midi=(), payment=(), usb=()";

    /// <summary>The policy of an uploaded file: it may do nothing at all.</summary>
    internal const string FilePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";

    private static readonly object s_isFile = new();
    private static readonly object s_script = new();

    /// <summary>The response is an uploaded file: it gets <see cref="FilePolicy"/>.</summary>
    public static void SendAsFile(HttpContext context) => context.Items[s_isFile] = true;

    /// <summary>The response is a page in which one script stands.</summary>
    /// <param name="context">The request.</param>
    /// <param name="source">The script's hash, as the policy names it: <c>'sha256-…'</c>.</param>
    public static void AllowScript(HttpContext context, string source) => context.Items[s_script] = source;

    /// <summary>Adds the headers to every response. Register it first.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // When the response starts, not now: the error handler clears what was set before it.
        context.Response.OnStarting(static state =>
        {
            var response = ((HttpContext)state).Response;
            var headers = response.Headers;
            headers.ContentSecurityPolicy = PolicyOf(response.HttpContext);

            if (headers.CacheControl.Count == 0 && response.StatusCode != StatusCodes.Status304NotModified)
            {
                // What may be kept says so itself.
                headers.CacheControl = "no-store";
            }

            headers.XContentTypeOptions = "nosniff";
            // Not no-referrer: with that, browsers send "Origin: null" with a form of our own, and OriginCheck refuses it.
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = PermissionsPolicy;
            return Task.CompletedTask;
        }, context);
        return next(context);
    });

    private static string PolicyOf(HttpContext context) =>
        context.Items.ContainsKey(s_isFile) ? FilePolicy
        : context.Items[s_script] is string source ? ContentSecurityPolicy.Replace(Scripts, $"{Scripts} {source}", StringComparison.Ordinal)
        : ContentSecurityPolicy;
}
