using Copilot.Web.Identity;
using Copilot.Web.Security;

namespace Copilot.Web.Api;

/// <summary>The scope that an endpoint needs, for its refusal and for the description of the API.</summary>
internal sealed record ScopeMetadata(string Scope);

/// <summary>Gives endpoints their scope.</summary>
internal static class ScopeMetadataExtensions
{
    /// <summary>Only keys with this scope get past the authorization; one of <see cref="ApiScopes"/>.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, string scope) =>
        endpoint.RequireAuthorization(ApiKeyHandler.PolicyOf(scope)).WithMetadata(new ScopeMetadata(scope)).Refuses(StatusCodes.Status403Forbidden);
}
