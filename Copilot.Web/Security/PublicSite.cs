using Copilot.Web.Options;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Security;

/// <summary>
/// Finds out which address a request was sent to and by whom, behind a proxy too, before anything looks at it; refuses one whose
/// <c>Host</c> names no host.
/// </summary>
internal static class PublicSite
{
    /// <summary>Registers what <see cref="UsePublicSite"/> needs.</summary>
    public static IServiceCollection AddPublicSite(this IServiceCollection services)
    {
        services.AddOptions<HstsOptions>().Configure<IOptions<SiteOptions>>(
            (hsts, site) => hsts.MaxAge = TimeSpan.FromDays(site.Value.HstsDays));
        return services;
    }

    /// <summary>Call it before everything that reads the address.</summary>
    public static IApplicationBuilder UsePublicSite(this IApplicationBuilder app)
    {
        var site = app.ApplicationServices.GetRequiredService<IOptions<SiteOptions>>().Value;
        var isDemo = app.ApplicationServices.GetRequiredService<IOptions<DemoOptions>>().Value.Enabled;
        app.UseForwardedHeaders(Forwarded(site));
        app.Use((context, next) =>
        {
            if (IsValid(context.Request))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync(SecurityText.HostInvalid, context.RequestAborted);
        });
        if (isDemo)
        {
            // It answers to this machine's own names only.
            return app;
        }

        if (site.PublicAddress is { } address)
        {
            var host = HostString.FromUriComponent(address);
            app.Use((context, next) =>
            {
                (context.Request.Scheme, context.Request.Host) = (address.Scheme, host);
                return next(context);
            });
        }

        return site.HstsDays > 0 ? app.UseHsts() : app;
    }

    /// <summary>True when the host of the request can be part of an address.</summary>
    internal static bool IsValid(HttpRequest request)
    {
        try
        {
            var host = request.Host;
            if (!host.HasValue)
            {
                // Probes of load balancers may come without one.
                return request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
            }

            return Uri.TryCreate($"http://{host.ToUriComponent()}/", UriKind.Absolute, out var address) && address.IdnHost.Length > 0;
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException)
        {
            // A name that says it is encoded and is not.
            return false;
        }
    }

    private static ForwardedHeadersOptions Forwarded(SiteOptions site)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            // As far as the proxies are known, and no farther.
            ForwardLimit = null,
        };
        foreach (var proxy in site.KnownProxies)
        {
            if (SiteOptions.TryParseProxy(proxy, out var network))
            {
                options.KnownIPNetworks.Add(network);
                if (network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
                {
                    // A socket for both families shows the proxy under this form.
                    options.KnownIPNetworks.Add(new System.Net.IPNetwork(network.BaseAddress.MapToIPv6(), network.PrefixLength + 96));
                }
            }
        }

        return options;
    }
}
