using Copilot.Web.Identity.Administration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace Copilot.Web.Identity;

/// <summary>
/// Checks on every request that a cookie's sign-in has not ended, and its security stamp, as Identity's validator does with an interval of zero. That one
/// would also write a new cookie each time, and a response in flight during a sign-out would then sign the person in again.
/// </summary>
internal sealed class CookieStamp(SignInManager<CopilotUser> signIn, SignIns signIns) : ISecurityStampValidator
{
    /// <inheritdoc/>
    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (await signIn.ValidateSecurityStampAsync(context.Principal) is { } user
            && await signIns.IsOpenAsync(SignInId.Of(context.Principal), user.Id, context.HttpContext.RequestAborted))
        {
            // With the roles as they are now.
            var principal = await signIn.CreateUserPrincipalAsync(user);
            SignInId.Copy(context.Principal, principal);
            CallerAddress.Add(principal, context.HttpContext);
            context.ReplacePrincipal(principal);
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }
}
