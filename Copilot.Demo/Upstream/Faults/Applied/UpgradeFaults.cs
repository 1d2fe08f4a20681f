using System.Globalization;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.WebSockets;
namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>What happens to the upgrade of a WebSocket.</summary>
internal static class UpgradeFaults
{
    /// <summary>The fault requested in the query of the upgrade, or null. An invalid one is ignored: an upgrade has no metadata to reject.</summary>
    public static DemoFault? RequestedBy(HttpRequest request)
    {
        var pairs = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        try
        {
            return FaultKeys.Read(pairs);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The answer in place of the 101, or null when the upgrade continues, perhaps after a wait.</summary>
    public static async Task<IResult?> RefuseAsync(HttpContext context, FaultRequest fault, TimeProvider time, CancellationToken ending)
    {
        switch (fault.Name)
        {
            case "upgrade_hang":
                await Task.Delay(Timeout.InfiniteTimeSpan, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                context.Abort();
                return Results.Empty;
            case "upgrade_delayed":
                await Task.Delay(fault.Pause, time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return ending.IsCancellationRequested ? Results.Empty : null;
            case "upgrade_reset":
                ConnectionReset.Now(context);
                return Results.Empty;
            case "upgrade_redirect":
                context.Response.Headers.Location = "https://elsewhere.invalid/v1/responses";
                return Results.StatusCode(StatusCodes.Status307TemporaryRedirect);
            case "upgrade_200_html":
                return HtmlPages.SignIn();
            case "upgrade_403_html":
                return HtmlPages.Blocked();
            case "upgrade_426":
                context.Response.Headers.Upgrade = "HTTP/1.1";
                return Refusal(426, "Use HTTP for this.");
            case "upgrade_401":
                return Refusal(401, "Incorrect API key provided.");
            case "upgrade_429":
                RetryAfter(context, fault);
                return Refusal(429, "Too many connections.");
            case "upgrade_500":
                return Refusal(500, ApiError.ServerError().Message);
            case "upgrade_503":
                RetryAfter(context, fault);
                return Refusal(503, "The service is unavailable.");
            default:
                return null;
        }
    }

    /// <summary>How a connection ends directly after its 101, or null.</summary>
    public static SocketEnd? EndOf(FaultRequest? fault) => fault?.Name switch
    {
        "open_close_1000" => SocketEnd.Close(1000, "done"),
        "open_close_1008" => SocketEnd.Close(1008, string.Empty),
        "open_close_1006" => SocketEnd.Hangup,
        _ => null,
    };

    public static void RetryAfter(HttpContext context, FaultRequest fault) =>
        context.Response.Headers.RetryAfter = Math.Ceiling(fault.Seconds).ToString(CultureInfo.InvariantCulture);

    public static IResult Refusal(int status, string message) => ResponsesEndpoints.ErrorResult(new ApiError(
        status, status >= 500 ? "server_error" : "invalid_request_error", null, message, null));
}
