using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Identity;

/// <summary>
/// Checks the security stamp of a cookie on every request. Identity's own validator would also write a new cookie each time; a
/// response still under way while somebody signs out would then sign them in again.
/// </summary>
internal sealed class CookieStamp(
    IOptions<SecurityStampValidatorOptions> options, SignInManager<CopilotUser> signIn, ILoggerFactory logger)
    : SecurityStampValidator<CopilotUser>(options, signIn, logger)
{
    /// <inheritdoc/>
    protected override async Task SecurityStampVerified(CopilotUser user, CookieValidatePrincipalContext context) =>
        // With the roles as they are now.
        context.ReplacePrincipal(await SignInManager.CreateUserPrincipalAsync(user));
}
