using System.Security.Claims;

namespace Copilot.Web.Identity;

/// <summary>
/// Each sign-in has its own id in its cookie, so that signing out ends the pages of this sign-in and not those of the person's other
/// browsers.
/// </summary>
internal static class SignInId
{
    private const string ClaimType = "copilot:sign_in";

    /// <summary>The id, or null for a caller not signed in by cookie.</summary>
    public static string? Of(ClaimsPrincipal? principal) => principal?.FindFirstValue(ClaimType);

    /// <summary>Adds a new id to a principal that is about to be signed in.</summary>
    public static void Add(ClaimsPrincipal? principal) => Set(principal, "sgn_" + Guid.NewGuid().ToString("n"));

    /// <summary>Copies the id to a recreated principal.</summary>
    public static void Copy(ClaimsPrincipal? from, ClaimsPrincipal to)
    {
        if (Of(from) is { } id)
        {
            Set(to, id);
        }
    }

    private static void Set(ClaimsPrincipal? principal, string id) =>
        (principal?.Identity as ClaimsIdentity)?.AddClaim(new Claim(ClaimType, id));
}
