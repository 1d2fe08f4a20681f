using Microsoft.AspNetCore.Connections;

namespace Copilot.Web.Security;

/// <summary>
/// Ends requests that fail on the client's side: it has gone, or what it sent is no proper HTTP. That is everyday and nobody's error, so
/// none is logged.
/// </summary>
internal static class ClientFaults
{
    /// <summary>Call it behind what answers errors.</summary>
    public static IApplicationBuilder UseClientFaults(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (HasGone(context, exception))
        {
            if (!context.Response.HasStarted)
            {
                // For the log; nobody reads it.
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }

            context.Abort();
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = exception.StatusCode;
        }
    });

    /// <summary>Whether this was thrown because there is nobody any more to answer. A reset connection says so before the request does.</summary>
    public static bool HasGone(HttpContext context, Exception exception) =>
        exception is ConnectionResetException or ConnectionAbortedException
        || (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested);
}
