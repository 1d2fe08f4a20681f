namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>What proxies answer in place of the upstream.</summary>
internal static class HtmlPages
{
    public static IResult Blocked() => Page("Access to this site is blocked by your organisation.", StatusCodes.Status403Forbidden);

    public static IResult BadGateway() => Page("Bad gateway.", StatusCodes.Status502BadGateway);

    public static IResult SignIn() => Page("Please sign in to the network.", StatusCodes.Status200OK);

    private static IResult Page(string heading, int status) =>
        Results.Text($"<!doctype html><html><head><title>Proxy</title></head><body><h1>{heading}</h1></body></html>", "text/html", statusCode: status);
}
