using Copilot.Web.Identity.Administration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.StaticAssets;

namespace Copilot.Web.Identity;

/// <summary>
/// Checks on every request that a cookie's sign-in has not ended, and its security stamp, as Identity's validator does with an interval of zero. That one
/// would also write a new cookie each time, and a response in flight during a sign-out would then sign the person in again.
/// </summary>
internal sealed class CookieStamp(CurrentSignIns current) : ISecurityStampValidator
{
    /// <inheritdoc/>
    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            // Static files are the same for everybody, so nobody has to be known.
            context.RejectPrincipal();
            return;
        }

        if (await current.FindAsync(context.Principal, context.HttpContext.RequestAborted) is { } found)
        {
            // With the roles as they are now.
            var principal = found.Clone();
            SignInId.Copy(context.Principal, principal);
            CallerAddress.Add(principal, context.HttpContext);
            context.ReplacePrincipal(principal);
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }
}
