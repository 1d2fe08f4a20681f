using System.Net;
using System.Net.Sockets;

namespace Copilot.Web.Security.Webhooks;

/// <summary>Which addresses a callback or an alert may go to.</summary>
internal static class WebhookAddress
{
    private const int MaxLength = 2_000;

    // Besides what is private: shared, link-local, reserved and documentation networks, and those that carry another address in themselves.
    private static readonly IPNetwork[] s_closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>Whether a text is an address that something can be sent to; where it leads is looked at when it is.</summary>
    public static bool IsValid(string url) =>
        url.Length <= MaxLength
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address is { Scheme: "http" or "https", UserInfo.Length: 0, Host.Length: > 0 }
        && address.HasUsableHost();

    /// <summary>Whether an address is one of the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
            && !s_closed.Any(network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain));
    }
}
