using System.Security.Claims;

namespace Copilot.Web.Identity.Administration;

/// <summary>
/// The network address that a signed-in person's connection comes from, as a claim of the connection's principal: a page that lives on a
/// circuit has no request to ask. It is never in the cookie.
/// </summary>
internal static class CallerAddress
{
    private const string ClaimType = "copilot:address";

    /// <summary>The address, or null where it is not known.</summary>
    public static string? Of(ClaimsPrincipal? principal) => principal?.FindFirstValue(ClaimType);

    /// <summary>The address that a request comes from, or null where there is none.</summary>
    public static string? Of(HttpContext? context) => context?.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : null;

    /// <summary>Adds the address of a request to the principal that was made for it.</summary>
    public static void Add(ClaimsPrincipal principal, HttpContext context)
    {
        if (Of(context) is { } address)
        {
            (principal.Identity as ClaimsIdentity)?.AddClaim(new Claim(ClaimType, address));
        }
    }
}
