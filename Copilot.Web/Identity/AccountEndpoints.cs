using System.Security.Claims;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Identity.Passwords;
using Copilot.Web.Options;
using Copilot.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Identity;

/// <summary>
/// Endpoints of the account pages' forms. Each checks its anti-forgery token, does one thing and redirects, so that a reload
/// never posts again.
/// </summary>
internal static class AccountEndpoints
{
    internal const string SignInPath = "/account/signin";
    internal const string DemoPath = "/account/demo";
    internal const string SignOutPath = "/signout";

    /// <summary>Maps the forms' endpoints. The pages themselves are components.</summary>
    public static IEndpointRouteBuilder MapCopilotAccount(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup("").AllowAnonymous().RequireRateLimiting(RequestLimits.Forms).ExcludeFromDescription();
        forms.AddEndpointFilter(RequireFormTokenAsync);
        forms.MapPost(SignInPath, SignInAsync);
        // First, because the page at that address accepts posts too.
        forms.MapPost(SignOutPath, (Delegate)SignOutAsync).WithOrder(-1);
        forms.MapPost(DemoPath, SignInToDemoAsync).RequireLoopback();
        return routes;
    }

    private static async ValueTask<object?> RequireFormTokenAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (!context.Request.HasFormContentType)
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            return Results.Text(
                AccountText.FormExpired,
                statusCode: StatusCodes.Status400BadRequest);
        }

        try
        {
            return await next(invocation);
        }
        catch (SignInBusyException)
        {
            context.Response.Headers.RetryAfter = "5";
            return Results.Text(AccountText.Busy, statusCode: StatusCodes.Status429TooManyRequests);
        }
        catch (StorageUnavailableException)
        {
            return Results.Text(AccountText.NotSaved, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> SignInAsync(HttpContext context, PasswordSignIn signIn, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var returnUrl = LocalUrl.OrHome(form["returnUrl"]);
        if (await signIn.TryAsync(form["userName"], form["password"], form["stay"] == "on", cancellationToken))
        {
            return SeeOther(returnUrl);
        }

        FormMemory.Save(context, ("userName", form["userName"].ToString()), ("stay", form["stay"].ToString()));
        return SeeOther("/signin?failed=1&returnUrl=" + Uri.EscapeDataString(returnUrl));
    }

    private static async Task<IResult> SignInToDemoAsync(
        HttpContext context,
        IOptions<DemoOptions> demo,
        SignInManager<CopilotUser> signIn,
        CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var account = DemoAccounts.All.FirstOrDefault(candidate => candidate.UserName == form["account"]);
        if (!demo.Value.Enabled
            || account is null
            || await signIn.UserManager.FindByIdAsync(account.UserId) is not { } user
            || user.LockoutEnd >= PersonStore.Locked)
        {
            return Results.NotFound();
        }

        await signIn.SignInAsync(user, isPersistent: false);
        return SeeOther(LocalUrl.OrHome(form["returnUrl"]));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SignIns signIns)
    {
        if (SignInId.Of(context.User) is { } signInId && context.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } userId)
        {
            // Also when the browser has left: it asked for it.
            await signIns.EndAsync(signInId, userId, CancellationToken.None);
        }

        await context.SignOutAsync(IdentityConstants.ApplicationScheme);

        return SeeOther("/signin");
    }

    // 303: the browser follows with GET.
    private static Redirection SeeOther(string path) => new Redirection(path);

    private sealed class Redirection(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}
