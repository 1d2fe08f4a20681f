using System.Net;
using Microsoft.Extensions.Primitives;

namespace Copilot.Web.Security;

/// <summary>
/// Checks that a request comes from this machine, for what demo mode opens without a password. The peer alone does
/// not prove it: a reverse proxy, or a page in a browser that a rebound DNS name points here, is a loopback peer too.
/// </summary>
internal static class LoopbackGuard
{
    private static readonly string[] s_forwardingHeaders =
    [
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-ProxyUser-Ip", "True-Client-IP",
        "CF-Connecting-IP", "CF-Ray", "Fastly-Client-IP", "Fly-Client-IP", "X-Envoy-External-Address", "X-Rewrite-Url",
    ];

    // The framework's own middleware renames the first to the second.
    private static readonly string[] s_forwardingPrefixes = ["X-Forwarded-", "X-Original-"];

    /// <summary>True for a loopback peer that asks for a loopback host and was not forwarded.</summary>
    public static bool Allows(HttpContext context) =>
        IsLoopback(context.Connection.RemoteIpAddress)
        && IsLoopbackHost(context.Request.Headers.Host)
        && !context.Request.Headers.Keys.Any(IsForwardingHeader);

    /// <summary>True for <c>localhost</c> and loopback addresses.</summary>
    internal static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IsLoopback(address));

    // Read from the header itself: forwarding middleware may have replaced Request.Host.
    private static bool IsLoopbackHost(StringValues host) =>
        host is [{ } value] && IsLoopbackName(HostString.FromUriComponent(value).Host);

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);

    private static bool IsForwardingHeader(string name) =>
        s_forwardingHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Array.Exists(s_forwardingPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Applies the guard to endpoints.</summary>
internal static class LoopbackGuardConvention
{
    /// <summary>Answers 404 to every request to these endpoints that the guard refuses. Works on single endpoints and on groups.</summary>
    public static TBuilder RequireLoopback<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(endpoint =>
        {
            var next = endpoint.RequestDelegate
                ?? throw new InvalidOperationException($"{endpoint.DisplayName} has nothing to guard.");
            endpoint.RequestDelegate = context =>
            {
                if (LoopbackGuard.Allows(context))
                {
                    return next(context);
                }

                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            };
        });
        return builder;
    }
}
