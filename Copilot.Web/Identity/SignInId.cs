using System.Security.Claims;

namespace Copilot.Web.Identity;

/// <summary>
/// Each sign-in has an id of its own in its cookie, so that signing out ends the pages this sign-in opened and leaves the
/// person's other browsers alone.
/// </summary>
internal static class SignInId
{
    private const string ClaimType = "copilot:sign_in";

    /// <summary>The id, or null for somebody who is not signed in by cookie.</summary>
    public static string? Of(ClaimsPrincipal? principal) => principal?.FindFirstValue(ClaimType);

    /// <summary>Gives a principal that is about to be signed in a new id.</summary>
    public static void Give(ClaimsPrincipal? principal) => Set(principal, "sgn_" + Guid.NewGuid().ToString("n"));

    /// <summary>Keeps the id when a principal is made anew.</summary>
    public static void Carry(ClaimsPrincipal? from, ClaimsPrincipal to)
    {
        if (Of(from) is { } id)
        {
            Set(to, id);
        }
    }

    private static void Set(ClaimsPrincipal? principal, string id) =>
        (principal?.Identity as ClaimsIdentity)?.AddClaim(new Claim(ClaimType, id));
}
