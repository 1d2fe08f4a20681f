using System.Security.Claims;

namespace Copilot.Web.Identity;

/// <summary>
/// Each sign-in has its own id in its cookie, so that signing out ends the pages of this sign-in and not those of the person's other
/// browsers.
/// </summary>
internal static class SignInId
{
    private const string ClaimType = "copilot:sign_in";

    /// <summary>A new id.</summary>
    public static string New() => "sgn_" + Guid.NewGuid().ToString("n");

    /// <summary>The id, or null for a caller not signed in by cookie.</summary>
    public static string? Of(ClaimsPrincipal? principal) => principal?.FindFirstValue(ClaimType);

    /// <summary>Gives a principal that is about to be signed in its id.</summary>
    public static void Set(ClaimsPrincipal? principal, string id) =>
        (principal?.Identity as ClaimsIdentity)?.AddClaim(new Claim(ClaimType, id));

    /// <summary>Copies the id to a recreated principal.</summary>
    public static void Copy(ClaimsPrincipal? from, ClaimsPrincipal to)
    {
        if (Of(from) is { } id)
        {
            Set(to, id);
        }
    }
}
