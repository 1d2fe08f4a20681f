using System.Net;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Identity;

public sealed class FirstAdminTests
{
    [Fact]
    public async Task Setup_RightToken_CreatesTheAdminOnce()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var token = host.Services.GetRequiredService<FirstAdmin>().Open();
        using var browser = host.Browser();
        using var second = host.Browser();
        // Both have the page open before either sends it: it has a form as long as there is no admin.
        var page = "/setup?token=" + token;
        var (ada, eve) = (await PeopleHost.OpenFormAsync(browser, page), await PeopleHost.OpenFormAsync(second, page));

        var answers = await Task.WhenAll(
            PeopleHost.SendFormAsync(browser, FirstAdmin.SetupPath, ada, Fields(token, "ada", PeopleHost.Password)),
            PeopleHost.SendFormAsync(second, FirstAdmin.SetupPath, eve, Fields(token, "eve", PeopleHost.Password)));

        Assert.Equal(["", "/"], answers.Select(answer => answer.Headers.Location?.PathAndQuery ?? "").Order());
        var names = new[] { await browser.GetStringAsync("/who"), await second.GetStringAsync("/who") };
        Assert.Single(names, "nobody");
        using var third = host.Browser();
        Assert.DoesNotContain("<form", await third.GetStringAsync("/setup?token=" + token), StringComparison.Ordinal);
        Assert.True(await host.Persons.HasAdminAsync(CancellationToken.None));
        var audit = await host.Services.GetRequiredService<PeopleAudit>().NewestAsync(ChangedBy.CommandLine, 10, CancellationToken.None);
        Assert.Equal("setup link", Assert.Single(audit!).Origin);
    }

    [Fact]
    public async Task Setup_WeakPassword_IsReportedAndTheLinkStaysValid()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var token = host.Services.GetRequiredService<FirstAdmin>().Open();
        using var browser = host.Browser();

        using var response = await PostAsync(browser, token, token, "ada", "short");

        // In the answer itself: neither the token nor the problem is in another address.
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var page = await response.Content.ReadAsStringAsync();
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"ada\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("short\"", page, StringComparison.Ordinal);
        Assert.Equal("/", await SetUpAsync(browser, token, "ada", PeopleHost.Password));
    }

    [Fact]
    public async Task Setup_ProblemInTheAddress_IsNotShown()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var token = host.Services.GetRequiredService<FirstAdmin>().Open();
        using var browser = host.Browser();

        Assert.DoesNotContain("call this number", await browser.GetStringAsync($"/setup?token={token}&problem=call+this+number"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(257, 20)]
    [InlineData(3, 257)]
    public async Task Setup_LongerThanTheSignInTakes_IsReportedAndTheLinkStaysValid(int nameLength, int passwordLength)
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var token = host.Services.GetRequiredService<FirstAdmin>().Open();
        using var browser = host.Browser();
        var password = string.Concat(Enumerable.Repeat("abcdefg ", 40))[..passwordLength];

        using var response = await PostAsync(browser, token, token, new string('a', nameLength), password);

        Assert.Contains("role=\"alert\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("/", await SetUpAsync(browser, token, "ada", PeopleHost.Password));
    }

    [Fact]
    public async Task Setup_WrongToken_CreatesNoAccount()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var token = host.Services.GetRequiredService<FirstAdmin>().Open();
        using var browser = host.Browser();

        using var response = await PostAsync(browser, token, token + "0", "eve", PeopleHost.Password);

        Assert.Contains(AccountText.LinkExpired, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.False(await host.Persons.HasAdminAsync(CancellationToken.None));
    }

    private static async Task<string> SetUpAsync(HttpClient browser, string token, string name, string password)
    {
        using var response = await PostAsync(browser, token, token, name, password);
        return response.Headers.Location?.PathAndQuery ?? "";
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient browser, string linkToken, string token, string name, string password) =>
        PeopleHost.PostFormAsync(browser, "/setup?token=" + linkToken, FirstAdmin.SetupPath, Fields(token, name, password));

    private static (string Name, string Value)[] Fields(string token, string name, string password) =>
        [("_handler", "setup"), ("token", token), ("displayName", "Ada"), ("userName", name), ("password", password), ("repeated", password)];
}
