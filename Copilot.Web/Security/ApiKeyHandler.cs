using System.Security.Claims;
using System.Text.Encodings.Web;
using Copilot.Web.Api;
using Copilot.Web.Identity;
using Copilot.Web.Options;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Security;

/// <summary>Options of the API key scheme: none.</summary>
internal sealed class ApiKeyOptions : AuthenticationSchemeOptions;

/// <summary>Authenticates the HTTP API by <c>Authorization: Bearer</c> and nothing else.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<ApiKeyOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ApiKeys keys,
    IOptions<DemoOptions> demo,
    RequestLimits limits)
    : AuthenticationHandler<ApiKeyOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public new const string Scheme = "ApiKey";

    /// <summary>Name of the policy that requires it.</summary>
    public const string Policy = "ApiKey";

    /// <summary>Type of the claims that say what a key may be used for.</summary>
    public const string ScopeClaim = "scope";

    private const string Bearer = "Bearer ";

    // Longer than any key; longer texts are not hashed.
    private const int MaxKeyLength = 512;

    private bool _isHidden;

    /// <summary>Name of the policy that requires a key with a scope.</summary>
    public static string PolicyOf(string scope) => $"{Policy}:{scope}";

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var key = header[Bearer.Length..].Trim();
        var caller = key.Length is > 0 and <= MaxKeyLength ? await keys.AuthenticateAsync(key, Context.RequestAborted) : null;
        if (caller is null)
        {
            return AuthenticateResult.Fail("The API key does not work.");
        }

        if (caller.KeyId == DemoAccounts.KeyId && !(demo.Value.Enabled && LoopbackGuard.Allows(Context)))
        {
            _isHidden = true;
            return AuthenticateResult.Fail("The demo key works on this machine only.");
        }

        Context.Features.Set(caller);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, caller.User.Id), .. caller.Scopes.Select(scope => new Claim(ScopeClaim, scope))], Scheme);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_isHidden)
        {
            return ApiProblem.NotFound().ExecuteAsync(Context);
        }

        if (!limits.TryCountWrongKey(Context, out var retryAfter))
        {
            return ApiProblem.TooMany(SecurityText.TooMany(retryAfter), code: null, retryAfter).ExecuteAsync(Context);
        }

        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return ApiProblem
            .Of(StatusCodes.Status401Unauthorized, ApiText.KeyInvalid)
            .ExecuteAsync(Context);
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<ScopeMetadata>()?.Scope ?? "";
        Response.Headers[HeaderNames.WWWAuthenticate] = $"Bearer error=\"insufficient_scope\", scope=\"{needed}\"";
        return ApiProblem
            .Of(StatusCodes.Status403Forbidden, ApiText.ScopeMissing(needed))
            .ExecuteAsync(Context);
    }
}
