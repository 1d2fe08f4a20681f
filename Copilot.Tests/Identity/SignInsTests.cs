using System.Net;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Identity;

public sealed class SignInsTests
{
    [Fact]
    public async Task Cookie_CopiedBeforeTheSignOut_IsRefusedAfterwards()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var browser = host.Browser();
        var cookie = await SignInAsync(browser, stays: false);
        using var thief = Holder(host, cookie);
        Assert.Equal("anna", await thief.GetStringAsync("/who"));

        using var signedOut = await PeopleHost.PostFormAsync(browser, "/signout", "/signout");

        Assert.Equal("nobody", await thief.GetStringAsync("/who"));
    }

    [Fact]
    public async Task SignOut_OneOfTwoBrowsers_LeavesTheOther()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var userId = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var one = host.Browser();
        using var other = host.Browser();
        await SignInAsync(one, stays: false);
        await SignInAsync(other, stays: false);

        using var signedOut = await PeopleHost.PostFormAsync(one, "/signout", "/signout");

        Assert.Equal("anna", await other.GetStringAsync("/who"));
        Assert.Equal(await other.GetStringAsync("/sign-in-id"), Assert.Single(await SignInsOf(host).ListAsync(userId, CancellationToken.None)).Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SignIn_StayTickedOrNot_CookieOutlivesTheBrowserOnlyIfTicked(bool stays)
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var browser = host.Browser();

        var cookie = await SignInAsync(browser, stays);

        Assert.Equal(stays, cookie.Contains("expires=", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task List_TwoBrowsers_SaysWhenAndWhereAndWithWhat()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var userId = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var browser = host.Browser();
        browser.DefaultRequestHeaders.UserAgent.ParseAdd("Reader/1.0");

        await SignInAsync(browser, stays: true);

        var signIn = Assert.Single(await SignInsOf(host).ListAsync(userId, CancellationToken.None));
        Assert.Equal("127.0.0.1", signIn.Address);
        Assert.Equal("Reader/1.0", signIn.Agent);
        Assert.True(signIn.IsPersistent);
        Assert.Equal(signIn.CreatedAt, signIn.LastSeenAt);
        Assert.Empty(await SignInsOf(host).ListAsync("usr_another", CancellationToken.None));
    }

    [Fact]
    public async Task EndAll_ByAnAdmin_EndsEachAndSaysByWhom()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var userId = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var one = host.Browser();
        using var other = host.Browser();
        await SignInAsync(one, stays: false);
        await SignInAsync(other, stays: true);
        var page = host.Services.GetRequiredService<AccessChanges>().TokenFor(await one.GetStringAsync("/sign-in-id"));

        Assert.Equal(2, await SignInsOf(host).EndAllAsync(userId, "usr_admin", CancellationToken.None));

        Assert.True(page.IsCancellationRequested);
        Assert.Equal("nobody", await one.GetStringAsync("/who"));
        Assert.Equal("nobody", await other.GetStringAsync("/who"));
        Assert.Equal(0, await SignInsOf(host).EndAllAsync(userId, "usr_admin", CancellationToken.None));
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        Assert.All(await db.SignIns.ToListAsync(), row => Assert.Equal("usr_admin", row.EndedBy));
    }

    [Fact]
    public async Task IsOpen_Unused_EndsAfterADayOrTwoWeeksIfKept()
    {
        var clock = new ManualClock();
        await using var host = await PeopleHost.StartAsync(new HostSettings { Clock = clock });
        var userId = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        var signIns = SignInsOf(host);
        var left = await signIns.BeginAsync(userId, address: null, agent: null, isPersistent: false, CancellationToken.None);
        var used = await signIns.BeginAsync(userId, address: null, agent: null, isPersistent: false, CancellationToken.None);
        var kept = await signIns.BeginAsync(userId, address: null, agent: null, isPersistent: true, CancellationToken.None);

        clock.Advance(TimeSpan.FromHours(20));
        Assert.True(await signIns.IsOpenAsync(used, userId, CancellationToken.None));
        clock.Advance(TimeSpan.FromHours(20));

        Assert.False(await signIns.IsOpenAsync(left, userId, CancellationToken.None));
        Assert.True(await signIns.IsOpenAsync(used, userId, CancellationToken.None));
        Assert.True(await signIns.IsOpenAsync(kept, userId, CancellationToken.None));
        Assert.False(await signIns.IsOpenAsync(kept, "usr_another", CancellationToken.None));
    }

    private static SignIns SignInsOf(PeopleHost host) => host.Services.GetRequiredService<SignIns>();

    private static async Task<string> SignInAsync(HttpClient browser, bool stays)
    {
        (string, string)[] fields = [("userName", "anna"), ("password", PeopleHost.Password), .. stays ? [("stay", "on")] : Array.Empty<(string, string)>()];
        using var response = await PeopleHost.PostFormAsync(browser, "/signin", "/account/signin", fields);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return Assert.Single(response.Headers.GetValues("Set-Cookie"), value => value.StartsWith("copilot.person=", StringComparison.Ordinal));
    }

    private static HttpClient Holder(PeopleHost host, string cookie)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        return client;
    }
}
