using System.Security.Claims;
using Copilot.Domain.Audit;
using Copilot.Domain.Runs;
using Copilot.Web.Audit;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Circuits;
using Copilot.Web.Identity.Passwords;
using Copilot.Web.Options;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Identity;

/// <summary>Registers people, sign-in, access and demo accounts.</summary>
internal static class IdentityServiceCollectionExtensions
{
    /// <summary>Failed passwords before an account is locked out.</summary>
    public const int MaxFailedPasswords = 5;

    /// <summary>Duration of a lock-out.</summary>
    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(5);

    /// <summary>Shortest password. Length is what makes a password strong; demanding odd characters only makes it weaker.</summary>
    public const int MinPasswordLength = 12;

    /// <summary>
    /// Registers Identity over the application's database, the cookie and API key schemes, the run access rule, and what
    /// seeds the demo accounts at start. Needs <c>AddCopilotStorage</c> and <c>AddCopilotOptions</c>; the database must
    /// be migrated before the host starts.
    /// </summary>
    public static IServiceCollection AddCopilotIdentity(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AccessChanges>();
        services.AddSingleton<PersonStore>();
        services.AddSingleton<People>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<CurrentSignIns>();
        services.AddSingleton<WrongPasswords>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<Teams>();
        services.AddSingleton<PeopleAudit>();
        services.AddSingleton<IAccessLog, AccessLog>();
        services.AddSingleton<AccessReads>();
        services.AddSingleton<RequestReads>();
        services.AddSingleton<PeopleDirectory>();
        services.AddSingleton<PeopleAdministration>();
        services.AddSingleton<Invitations.Invitations>();
        services.AddSingleton<RepeatedLines>();
        services.AddPublicSite();
        RequestLimits.Add(services);
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<IRunAccess, RunAccess>();
        services.TryAddSingleton(provider => new FailurePace(provider.GetRequiredService<TimeProvider>(), FailurePace.Usual));
        services.AddScoped<PasswordSignIn>();

        services
            .AddIdentityCore<CopilotUser>(options =>
            {
                options.Lockout.AllowedForNewUsers = true;
                options.Lockout.MaxFailedAccessAttempts = MaxFailedPasswords;
                options.Lockout.DefaultLockoutTimeSpan = LockOut;
                options.Password.RequiredLength = MinPasswordLength;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
                options.Password.RequiredUniqueChars = 4;
            })
            .AddRoles<IdentityRole>()
            .AddEntityFrameworkStores<CopilotDbContext>()
            .AddSignInManager();
        // Replaces Identity's own validator.
        services.Replace(ServiceDescriptor.Scoped<ISecurityStampValidator, CookieStamp>());
        services
            .AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, SetCookie)
            .AddScheme<ApiKeyOptions, ApiKeyHandler>(ApiKeyHandler.Scheme, configureOptions: null);
        var policies = services.AddAuthorizationBuilder().AddPolicy(ApiKeyHandler.Policy, policy => policy
            .AddAuthenticationSchemes(ApiKeyHandler.Scheme)
            .RequireAuthenticatedUser());
        foreach (var scope in ApiScopes.All)
        {
            policies.AddPolicy(ApiKeyHandler.PolicyOf(scope), policy => policy
                .AddAuthenticationSchemes(ApiKeyHandler.Scheme)
                .RequireClaim(ApiKeyHandler.ScopeClaim, scope));
        }

        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, CircuitStamp>();
        services.AddSingleton<CircuitOwners>();
        services.AddSingleton<CircuitOwnerFilter>();
        services.AddScoped<CircuitHandler, CircuitPlace>();
        services.AddHttpContextAccessor();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "copilot.form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            // The product's own headers already cover every page.
            options.SuppressXFrameOptionsHeader = true;
        });
        // Behind a proxy that does not say how it was asked, the setting says it.
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<IOptions<SiteOptions>>((cookies, site) => cookies.Cookie.SecurePolicy = Secure(site.Value));
        services.AddOptions<AntiforgeryOptions>()
            .Configure<IOptions<SiteOptions>>((forms, site) => forms.Cookie.SecurePolicy = Secure(site.Value));
        AddKeys(services);

        services.AddHostedService<DemoAddresses>();
        services.AddHostedService<DemoAccounts>();
        services.AddHostedService<FirstAdminLink>();
        return services;
    }

    private static CookieSecurePolicy Secure(SiteOptions site) =>
        site.PublicAddress?.Scheme == Uri.UriSchemeHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    private static void SetCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "copilot.person";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = SignIns.PersistentLifetime;
        options.SlidingExpiration = true;
        options.LoginPath = "/signin";
        options.AccessDeniedPath = "/denied";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnRedirectToLogin = context => RedirectHere(context, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context => RedirectHere(context, StatusCodes.Status403Forbidden);
        options.Events.OnSigningIn = BeginSignInAsync;
        options.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
    }

    // Relative: a proxy may have taken the request under another name and scheme.
    // A script gets the status, as the framework does it.
    private static Task RedirectHere(RedirectContext<CookieAuthenticationOptions> context, int scriptStatus)
    {
        var isScript = context.Request.Headers.XRequestedWith == "XMLHttpRequest" || context.Request.Query["X-Requested-With"] == "XMLHttpRequest";
        context.Response.StatusCode = isScript ? scriptStatus : StatusCodes.Status302Found;
        context.Response.Headers.Location = new Uri(context.RedirectUri).PathAndQuery;
        return Task.CompletedTask;
    }

    private static async Task BeginSignInAsync(CookieSigningInContext context)
    {
        var http = context.HttpContext;
        var isPersistent = context.Properties.IsPersistent;
        var userId = context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier)
            ?? throw new InvalidOperationException("Only people sign in by cookie.");
        SignInId.Set(context.Principal, await http.RequestServices.GetRequiredService<SignIns>().BeginAsync(
            userId, http.Connection.RemoteIpAddress, http.Request.Headers.UserAgent, isPersistent, http.RequestAborted));
        if (!isPersistent)
        {
            context.Properties.ExpiresUtc = context.Properties.IssuedUtc + SignIns.Lifetime;
        }
    }

    private static string KeyFolder(IHostEnvironment environment) => Path.Combine(environment.ContentRootPath, "App_Data", "keys");

    private static void AddKeys(IServiceCollection services)
    {
        services.AddSingleton(provider => new InstallationKey(KeyFolder(provider.GetRequiredService<IHostEnvironment>())));
        services.AddCheckpointKeys(provider => KeyFolder(provider.GetRequiredService<IHostEnvironment>()));
        services.AddDataProtection().SetApplicationName("Copilot");
        services.AddOptions<KeyManagementOptions>().Configure<IHostEnvironment, ILoggerFactory>((options, environment, logger) =>
        {
            var folder = Directory.CreateDirectory(KeyFolder(environment));
            if (!OperatingSystem.IsWindows())
            {
                folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            }

            options.XmlRepository = new ProtectionKeys(folder, logger);
            // On purpose: a key to encrypt these keys would have to be on the same disk, and the folder is readable by the product's user
            // only. Setting it also avoids the framework's warning in the log.
            options.XmlEncryptor = new NullXmlEncryptor();
        });
    }
}
