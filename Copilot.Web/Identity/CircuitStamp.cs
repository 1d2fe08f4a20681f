using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Identity;

/// <summary>
/// Looks every 2 s whether the person of a circuit is still who the cookie said; if not, the circuit becomes anonymous. This
/// is for what the page shows: what a circuit may do is decided by leases, which end at once.
/// </summary>
internal sealed class CircuitStamp(ILoggerFactory logger, PersonStore people, IOptions<IdentityOptions> identity)
    : RevalidatingServerAuthenticationStateProvider(logger)
{
    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        IsCurrentAsync(authenticationState.User, cancellationToken);

    /// <summary>Whether the principal's stamp is the one in the store and the account is open.</summary>
    internal async Task<bool> IsCurrentAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        var id = principal.FindFirstValue(identity.Value.ClaimsIdentity.UserIdClaimType);
        var stamp = principal.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType);
        return id is not null
            && await people.FindAsync(id, cancellationToken) is { IsLocked: false } person
            && person.SecurityStamp == stamp;
    }
}
