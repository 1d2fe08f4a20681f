using System.Security.Claims;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Microsoft.AspNetCore.Components.Authorization;

namespace Copilot.Web.Sessions;

/// <summary>Who changes people or keys on this circuit, and from where: asked at every change, because the sign-in may have ended.</summary>
internal sealed class ChangingPerson(AuthenticationStateProvider authentication, PersonStore people)
{
    /// <summary>The signed-in person, or null when there is none any more.</summary>
    public async Task<ChangedBy?> FindAsync(CancellationToken cancellationToken)
    {
        var principal = (await authentication.GetAuthenticationStateAsync()).User;
        return principal.Identity?.IsAuthenticated is true
            && principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            && await people.FindAsync(id, cancellationToken) is { IsLocked: false } person
                ? new ChangedBy(id, person.DisplayName, CallerAddress.Of(principal) ?? "page")
                : null;
    }
}
