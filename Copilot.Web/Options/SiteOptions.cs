using System.ComponentModel.DataAnnotations;
using System.Net;
using Copilot.Domain.Settings;

namespace Copilot.Web.Options;

/// <summary>The address that people open, and the proxies in front of it. Bound from <c>Site</c>.</summary>
public sealed class SiteOptions : IValidatableObject
{
    /// <summary>
    /// The address that people open, like <c>https://copilot.example</c>, without a path. Every request is then taken as one to this
    /// address, whatever the proxy passes on: cookies are marked as secure if it is https, and only its own pages may change something.
    /// Default: none; the request's <c>Host</c> and the proxy's <c>X-Forwarded-Proto</c> say it.
    /// </summary>
    [HttpAddress]
    public Uri? PublicAddress { get; set; }

    /// <summary>
    /// Addresses (<c>10.0.0.2</c>) and networks (<c>10.0.0.0/8</c>) of proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c> and
    /// <c>-Host</c> are believed, besides those on this machine. Default: none.
    /// </summary>
    public IReadOnlyList<string> KnownProxies { get; set; } = [];

    /// <summary>
    /// For how many days a browser that has opened the site by https refuses to open it without (<c>Strict-Transport-Security</c>); 0
    /// does not say so. Never sent in demo mode. Default: 180.
    /// </summary>
    [AtLeast(0)]
    public int HstsDays { get; set; } = 180;

    /// <summary>Reads one entry of <see cref="KnownProxies"/>.</summary>
    internal static bool TryParseProxy(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        var section = SettingText.SectionOf(validationContext);
        if (PublicAddress is { IsAbsoluteUri: true, PathAndQuery: not "/" } address)
        {
            yield return new ValidationResult(SettingText.Wrong(
                $"{section}:{nameof(PublicAddress)}", address.OriginalString, "an address without a path, like https://copilot.example"));
        }

        foreach (var proxy in KnownProxies.Where(proxy => !TryParseProxy(proxy, out _)))
        {
            yield return new ValidationResult(SettingText.Wrong(
                $"{section}:{nameof(KnownProxies)}", proxy, "addresses and networks, like 10.0.0.2,192.168.0.0/16"));
        }
    }
}
