using System.Security.Claims;

namespace Copilot.Web.Identity.Circuits;

/// <summary>Whose a circuit is: one sign-in of one person, from its start to its end.</summary>
/// <param name="UserId">The person.</param>
/// <param name="SignInId">The sign-in.</param>
internal sealed record CircuitOwner(string UserId, string SignInId)
{
    /// <summary>The owner of a connection, or null when nobody is signed in.</summary>
    public static CircuitOwner? Of(ClaimsPrincipal? principal) =>
        principal?.Identity?.IsAuthenticated is true
        && principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } userId
        && Identity.SignInId.Of(principal) is { } signInId
            ? new CircuitOwner(userId, signInId)
            : null;
}
