using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Http;

/// <summary>What goes wrong inside a route is answered with the API's own error.</summary>
internal sealed partial class ErrorsAsJson(ILogger<ErrorsAsJson> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (RequestRejectedException rejected)
        {
            return ResponsesEndpoints.ErrorResult(rejected.Error);
        }
#pragma warning disable CA1031 // As on the real server: a bug is a 500 of the API, not a page of the host.
        catch (Exception exception) when (exception is not OperationCanceledException && !context.HttpContext.Response.HasStarted)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception);
            return ResponsesEndpoints.ErrorResult(ApiError.ServerError());
        }
    }

    [LoggerMessage(LogLevel.Error, "The demo upstream failed to answer")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
