using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.WebSockets;

namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>What happens to a POST before its response begins.</summary>
internal static class PostFaults
{
    /// <summary>The answer in place of the response, or null to continue.</summary>
    /// <exception cref="OperationCanceledException">The client has given up, or its connection was reset.</exception>
    public static async Task<IResult?> RefuseAsync(HttpContext context, FaultRequest fault, CancellationToken cancellationToken)
    {
        switch (fault.Name)
        {
            case "http_hang":
                await FaultScene.StayAsync(cancellationToken);
                return null;
            case "http_reset":
                ConnectionReset.Now(context);
                await FaultScene.StayAsync(cancellationToken);
                return null;
            case "http_401":
                return UpgradeFaults.Refusal(401, "Incorrect API key provided.");
            case "http_403_html":
                return HtmlPages.Blocked();
            case "http_429":
                UpgradeFaults.RetryAfter(context, fault);
                return UpgradeFaults.Refusal(429, "Too many requests.");
            case "http_500":
                return UpgradeFaults.Refusal(500, ApiError.ServerError().Message);
            case "http_502_html":
                return HtmlPages.BadGateway();
            case "http_503":
                UpgradeFaults.RetryAfter(context, fault);
                return UpgradeFaults.Refusal(503, "The service is unavailable.");
            case "http_200_html":
                return HtmlPages.SignIn();
            default:
                return null;
        }
    }
}
