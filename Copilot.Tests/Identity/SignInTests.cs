using System.Net;
using System.Text.RegularExpressions;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Identity;

/// <summary>Who signs in, how, and who does not.</summary>
public sealed class SignInTests(DemoHost demo) : IClassFixture<DemoHost>
{
    [Theory]
    [InlineData("staff1")]
    [InlineData("supervisor1")]
    [InlineData("admin1")]
    [InlineData("staff2")]
    [InlineData("supervisor2")]
    public async Task Demo_AnyAccount_SignsIn(string account)
    {
        var host = demo.Host;
        using var browser = host.Browser();

        using var response = await PeopleHost.PostFormAsync(browser, "/signin", "/account/demo", ("account", account), ("returnUrl", "/chat/x"));

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/chat/x", response.Headers.Location?.ToString());
        Assert.Equal(account, await browser.GetStringAsync("/who"));
        Assert.Equal("home", await browser.GetStringAsync("/"));
    }

    [Fact]
    public async Task SignInPage_DemoMode_OffersTheButtons()
    {
        var host = demo.Host;
        using var browser = host.Browser();

        var html = await browser.GetStringAsync("/signin");

        Assert.Contains($">{AccountText.ContinueAs(Roles.Staff)}</button>", html, StringComparison.Ordinal);
        Assert.Contains($">{AccountText.ContinueAs(Roles.Supervisor)}</button>", html, StringComparison.Ordinal);
        Assert.Contains($">{AccountText.ContinueAs(Roles.Admin)}</button>", html, StringComparison.Ordinal);
        Assert.Contains("value=\"staff2\"", html, StringComparison.Ordinal);
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "10.0.0.1");
        Assert.DoesNotContain(AccountText.ContinueAs(Roles.Staff), await browser.GetStringAsync("/signin"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Host", "copilot.example")]
    public async Task Demo_ThroughAProxy_Answers404(string header, string value)
    {
        var host = demo.Host;
        using var browser = host.Browser();
        browser.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        using var response = await PeopleHost.PostFormAsync(browser, "/signin", "/account/demo", ("account", "admin1"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Demo_OutsideDemoMode_Answers404()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        using var browser = host.Browser();

        using var response = await PeopleHost.PostFormAsync(browser, "/signin", "/account/demo", ("account", "admin1"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Demo_DatabaseLaterUsedWithoutDemo_AccountsAreLockedAndKeyIsRemoved()
    {
        await using var host = await PeopleHost.StartDemoAsync();
        var persons = host.Persons;
        Assert.False((await persons.FindAsync("usr_demo_admin1", CancellationToken.None))!.IsLocked);
        var contexts = host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>();
        var accounts = new DemoAccounts(
            Microsoft.Extensions.Options.Options.Create(new Copilot.Web.Options.DemoOptions { Enabled = false }),
            contexts, host.People, persons, host.Services.GetRequiredService<AccessChanges>(), TimeProvider.System);

        await accounts.StartAsync(CancellationToken.None);

        foreach (var account in DemoAccounts.All)
        {
            Assert.True((await persons.FindAsync(account.UserId, CancellationToken.None))!.IsLocked);
        }

        await using var db = await contexts.CreateDbContextAsync();
        Assert.Empty(await db.ApiKeys.ToListAsync());
    }

    [Fact]
    public async Task Demo_KeyRevokedByItsOwner_WorksAgainAfterAStart()
    {
        await using var host = await PeopleHost.StartDemoAsync();
        var keys = host.Services.GetRequiredService<ApiKeys>();
        Assert.True(await keys.RevokeAsync("usr_demo_staff1", DemoAccounts.KeyId, CancellationToken.None));
        Assert.Null(await keys.AuthenticateAsync("demo-key", CancellationToken.None));

        await host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<DemoAccounts>().Single().StartAsync(CancellationToken.None);

        Assert.NotNull(await keys.AuthenticateAsync("demo-key", CancellationToken.None));
    }

    [Fact]
    public async Task Password_Right_SignsInAndOutAgain()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var browser = host.Browser();

        Assert.Equal("/", await PeopleHost.SignInAsync(browser, "anna", PeopleHost.Password));
        Assert.Equal("anna", await browser.GetStringAsync("/who"));
        using var response = await PeopleHost.PostFormAsync(browser, "/signout", "/signout");

        Assert.Equal("/signin", response.Headers.Location?.ToString());
        Assert.Equal("nobody", await browser.GetStringAsync("/who"));
    }

    [Fact]
    public async Task Password_FiveTimesWrong_LocksOutAlsoWithTheRightOne()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var userId = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var attacker = host.Browser();
        using var owner = host.Browser(IPAddress.Parse("127.0.0.2"));
        Assert.Equal("/", await PeopleHost.SignInAsync(owner, "anna", PeopleHost.Password));
        var failed = "/signin?failed=1&returnUrl=%2F";
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.Equal(failed, await PeopleHost.SignInAsync(attacker, "anna", "wrong"));
        }

        Assert.Equal(failed, await PeopleHost.SignInAsync(attacker, "anna", PeopleHost.Password));
        Assert.Equal(failed, await PeopleHost.SignInAsync(attacker, "nobody", PeopleHost.Password));
        Assert.Contains("role=\"alert\"", await attacker.GetStringAsync(failed), StringComparison.Ordinal);
        // Guessing does not sign the owner out.
        Assert.Equal("anna", await owner.GetStringAsync("/who"));
        // Nor does it shut them out where they have signed in before; and there it does not end the lock-out.
        using var again = host.Browser(IPAddress.Parse("127.0.0.2"));
        Assert.Equal("/", await PeopleHost.SignInAsync(again, "anna", PeopleHost.Password));
        Assert.Equal(failed, await PeopleHost.SignInAsync(attacker, "anna", PeopleHost.Password));
        await host.People.UnlockAsync(userId, CancellationToken.None);
        Assert.Equal("/", await PeopleHost.SignInAsync(attacker, "anna", PeopleHost.Password));
    }

    [Fact]
    public async Task Password_LockedMissingOrWrong_IsHashedOnceEachTime()
    {
        var hasher = new CountingHasher();
        await using var host = await PeopleHost.StartAsync(new HostSettings
        {
            Configure = builder => builder.Services.AddSingleton<IPasswordHasher<CopilotUser>>(hasher),
        });
        await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var browser = host.Browser();

        foreach (var name in new[] { "anna", "anna", "anna", "anna", "anna", "anna", "nobody" })
        {
            var before = hasher.Verified;
            await PeopleHost.SignInAsync(browser, name, "wrong");
            Assert.Equal(before + 1, hasher.Verified);
        }
    }

    [Fact]
    public async Task Password_LockedByAdmin_IsRefused()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var userId = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        await host.People.LockAsync(userId, CancellationToken.None);
        using var browser = host.Browser();

        Assert.StartsWith("/signin?failed=1", await PeopleHost.SignInAsync(browser, "anna", PeopleHost.Password), StringComparison.Ordinal);
        Assert.Contains("value=\"anna\"", await browser.GetStringAsync("/signin?failed=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_DemoAccount_CannotBeGuessed()
    {
        var host = demo.Host;
        using var browser = host.Browser();

        Assert.StartsWith("/signin?failed=1", await PeopleHost.SignInAsync(browser, "staff1", "staff1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task SignIn_ForeignReturnUrl_RedirectsHome(string returnUrl)
    {
        var host = demo.Host;
        using var browser = host.Browser();

        using var response = await PeopleHost.PostFormAsync(
            browser, "/signin?returnUrl=" + Uri.EscapeDataString(returnUrl), "/account/demo", ("account", "staff1"), ("returnUrl", returnUrl));

        Assert.Equal("/", response.Headers.Location?.ToString());
    }

    [Theory]
    [InlineData("/account/signin")]
    [InlineData("/account/demo")]
    [InlineData("/setup")]
    [InlineData("/signout")]
    public async Task AnyForm_WithoutToken_Answers400(string action)
    {
        var host = demo.Host;
        using var browser = host.Browser();

        using var response = await browser.PostAsync(action, new FormUrlEncodedContent([KeyValuePair.Create("account", "staff1")]));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Page_Anonymous_SendsToSignInAndBack()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        using var browser = host.Browser();

        using var response = await browser.GetAsync("/");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/signin?returnUrl=%2F", response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Start_FirstTime_SavesKeysWithoutWarnings()
    {
        await using var host = await PeopleHost.StartDemoAsync();
        using var browser = host.Browser();
        using var signedIn = await PeopleHost.PostFormAsync(browser, "/signin", "/account/demo", ("account", "staff1"));
        Assert.Equal("home", await browser.GetStringAsync("/"));

        Assert.NotEmpty(Directory.GetFiles(Path.Combine(host.ContentRoot, "App_Data", "keys"), "key-*.xml"));
        Assert.Empty(host.Log.Warnings);
    }

    [Theory]
    [InlineData("/denied", AccountText.DeniedDetails)]
    [InlineData("/signout", AccountText.SignOutQuestion)]
    [InlineData("/setup", AccountText.LinkExpired)]
    public async Task AccountPage_Anonymous_IsShown(string path, string title)
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        using var browser = host.Browser();

        Assert.Matches(new Regex($"<h1[^>]*>{Regex.Escape(title)}</h1>"), WebUtility.HtmlDecode(await browser.GetStringAsync(path)));
    }

    private sealed class CountingHasher : PasswordHasher<CopilotUser>
    {
        public int Verified { get; private set; }

        public override PasswordVerificationResult VerifyHashedPassword(CopilotUser user, string hashedPassword, string providedPassword)
        {
            Verified++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
