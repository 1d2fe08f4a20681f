using System.Security.Claims;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Circuits;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Identity;

/// <summary>How long a sign-in is good: cookies and circuits of people who were changed or signed out.</summary>
public sealed class SignInValidityTests(DemoHost demo) : IClassFixture<DemoHost>
{
    [Theory]
    [InlineData("roles")]
    [InlineData("lock")]
    [InlineData("delete")]
    [InlineData("password")]
    public async Task Cookie_PersonChanged_IsRefusedAtTheNextRequest(string change)
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var userId = await host.CreatePersonAsync("anna", Roles.Admin, "team_default");
        using var browser = host.Browser();
        await PeopleHost.SignInAsync(browser, "anna", PeopleHost.Password);
        using var before = await browser.GetAsync("/who");
        Assert.Empty(host.Log.Warnings);
        Assert.Equal("anna", await before.Content.ReadAsStringAsync());
        // No new cookie at each request: a late response would undo a sign-out.
        Assert.Empty(before.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : []);

        var result = await (change switch
        {
            "roles" => host.People.SetRolesAsync(userId, [Roles.Staff], CancellationToken.None),
            "lock" => host.People.LockAsync(userId, CancellationToken.None),
            "delete" => host.People.DeleteAsync(userId, CancellationToken.None),
            _ => host.People.SetPasswordAsync(userId, "another long password", CancellationToken.None),
        });

        Assert.True(result.Succeeded);
        Assert.Equal("nobody", await browser.GetStringAsync("/who"));
    }

    [Fact]
    public async Task Circuit_PersonChanged_IsNoLongerCurrent()
    {
        await using var host = await PeopleHost.StartDemoAsync();
        await using var scope = host.Services.CreateAsyncScope();
        var principal = await StaffAsync(scope);
        var circuit = Assert.IsType<CircuitStamp>(scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>());
        Assert.True(await circuit.IsCurrentAsync(principal, CancellationToken.None));
        Assert.False(await circuit.IsCurrentAsync(new ClaimsPrincipal(), CancellationToken.None));

        await host.People.MoveToTeamAsync("usr_demo_staff1", "team_x", CancellationToken.None);

        Assert.False(await circuit.IsCurrentAsync(principal, CancellationToken.None));
    }

    [Fact]
    public async Task Circuit_ItsSignInIsSignedOut_IsAnonymousAtOnceAndOthersAreNot()
    {
        var host = demo.Host;
        using var browser = host.Browser();
        using var signedIn = await PeopleHost.PostFormAsync(browser, "/signin", "/account/demo", ("account", "staff1"));
        await using var mine = host.Services.CreateAsyncScope();
        await using var others = host.Services.CreateAsyncScope();
        var circuit = Circuit(mine, SignedIn(await browser.GetStringAsync("/sign-in-id")));
        var other = Circuit(others, SignedIn("sgn_of_another_browser"));

        using var signedOut = await PeopleHost.PostFormAsync(browser, "/signout", "/signout");

        Assert.Null((await circuit.GetAuthenticationStateAsync()).User.Identity?.Name);
        Assert.Equal("staff1", (await other.GetAuthenticationStateAsync()).User.Identity?.Name);
    }

    [Fact]
    public async Task Circuit_AnotherSignInConnects_IsAnonymousForGood()
    {
        var host = demo.Host;
        await using var scope = host.Services.CreateAsyncScope();
        var circuit = Circuit(scope, SignedIn("sgn_a"));

        circuit.SetAuthenticationState(Task.FromResult(new AuthenticationState(SignedIn("sgn_b"))));
        Assert.Null((await circuit.GetAuthenticationStateAsync()).User.Identity?.Name);
        circuit.SetAuthenticationState(Task.FromResult(new AuthenticationState(SignedIn("sgn_a"))));

        Assert.Null((await circuit.GetAuthenticationStateAsync()).User.Identity?.Name);
    }

    [Fact]
    public async Task Circuit_HostIsGone_IsNotAskedAboutAndKeepsItsPerson()
    {
        var host = await PeopleHost.StartDemoAsync();
        await using var scope = host.Services.CreateAsyncScope();
        var principal = await StaffAsync(scope);
        var circuit = Circuit(scope, principal);
        await host.DisposeAsync();
        using var loop = new CancellationTokenSource();

        // With this the framework's loop ends and logs nothing.
        var ended = await Assert.ThrowsAsync<TaskCanceledException>(
            () => circuit.RevalidateAsync(new AuthenticationState(principal), loop.Token));

        Assert.Equal(loop.Token, ended.CancellationToken);
        Assert.Same(principal, (await circuit.GetAuthenticationStateAsync()).User);
        Assert.Empty(host.Log.Warnings);
    }

    private static async Task<ClaimsPrincipal> StaffAsync(AsyncServiceScope scope)
    {
        var signIn = scope.ServiceProvider.GetRequiredService<SignInManager<CopilotUser>>();
        var user = await signIn.UserManager.FindByIdAsync("usr_demo_staff1");
        var principal = await signIn.CreateUserPrincipalAsync(user!);
        SignInId.Set(principal, await scope.ServiceProvider.GetRequiredService<SignIns>().BeginAsync(
            "usr_demo_staff1", address: null, agent: null, isPersistent: false, CancellationToken.None));
        return principal;
    }

    private static CircuitStamp Circuit(AsyncServiceScope scope, ClaimsPrincipal person)
    {
        var circuit = Assert.IsType<CircuitStamp>(scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>());
        circuit.SetAuthenticationState(Task.FromResult(new AuthenticationState(person)));
        return circuit;
    }

    private static ClaimsPrincipal SignedIn(string signInId)
    {
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, "staff1")], "cookie");
        var before = new ClaimsPrincipal(new ClaimsIdentity([new("copilot:sign_in", signInId)]));
        var person = new ClaimsPrincipal(identity);
        SignInId.Copy(before, person);
        return person;
    }
}
