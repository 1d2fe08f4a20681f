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
        ["Via", "CF-Ray", "CDN-Loop", "X-Envoy-External-Address", "X-Rewrite-Url", "Max-Forwards"];

    // The framework's own middleware renames X-Forwarded-… to the first.
    private static readonly string[] s_forwardingPrefixes = ["X-Original-", "X-Azure-", "X-Arr-", "X-Amzn-", "X-Amz-Cf-"];

    /// <summary>
    /// True for a loopback peer that asks for a loopback host and was not forwarded. A proxy that adds no header and asks for a loopback
    /// host by HTTP/1.1 cannot be told from a program of this machine.
    /// </summary>
    public static bool Allows(HttpContext context) =>
        IsLoopback(context.Connection.RemoteIpAddress)
        // What some proxies speak unless told otherwise, and no browser.
        && !HttpProtocol.IsHttp10(context.Request.Protocol)
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

    // "Forwarded", "X-Forwarded-For"; "X-Real-IP", "Client-IP", "X-Azure-ClientIP": everybody names it alike.
    private static bool IsForwardingHeader(string name) =>
        name.Contains("forwarded", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("-IP", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("ClientIP", StringComparison.OrdinalIgnoreCase)
        || s_forwardingHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
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
