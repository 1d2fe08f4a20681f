using System.Net;
using System.Net.Sockets;
using System.Text;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Microsoft.AspNetCore.Http;
using Copilot.Web.Security;

namespace Copilot.Tests.Security;

/// <summary>Behind a proxy: which address a request was sent to, and what follows from it.</summary>
public sealed class PublicSiteTests
{
    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    [InlineData(null, false)]
    public async Task SignIn_ProxyOfThisMachineSaysTheScheme_CookieIsSecureIfHttps(string? scheme, bool isSecure)
    {
        await using var host = await StartAsync();
        using var browser = host.Browser();
        if (scheme is not null)
        {
            browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        }

        using var page = await browser.GetAsync("/signin");
        using var home = await browser.GetAsync("/");

        Assert.Equal(isSecure, SetCookies(page).Contains("secure", StringComparison.OrdinalIgnoreCase));
        // Relative, so that it stays right whatever the proxy says.
        Assert.Equal("/signin?returnUrl=%2F", home.Headers.Location?.ToString());
    }

    [Fact]
    public async Task SignIn_PublicAddressIsSetAndTheProxyPassesNothingOn_Works()
    {
        await using var host = await StartAsync(("Site:PublicAddress", "https://copilot.test"));
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = host.Address };
        using var page = await browser.GetAsync("/signin");
        var html = await page.Content.ReadAsStringAsync();
        var token = html.Split("name=\"__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/signin")
        {
            Content = new FormUrlEncodedContent(
                [new("userName", "anna"), new("password", PeopleHost.Password), new("__RequestVerificationToken", token)]),
        };
        request.Headers.Add("Origin", "https://copilot.test");
        request.Headers.Add("Cookie", SetCookies(page).Split(';')[0]);

        using var response = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/", response.Headers.Location?.ToString());
        Assert.Contains("secure", SetCookies(response), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("max-age=15552000", Assert.Single(response.Headers.GetValues("Strict-Transport-Security")));
    }

    [Theory]
    [InlineData("Site:PublicAddress", "https://copilot.test/chat")]
    [InlineData("Site:PublicAddress", "copilot.test")]
    [InlineData("Site:KnownProxies", "10.0.0.1,nginx")]
    public async Task Start_SettingThatIsNone_IsNamed(string setting, string value)
    {
        var refused = await Assert.ThrowsAsync<Web.Options.StartRefusedException>(() => WholeHost.StartAsync($"--{setting}={value}"));

        Assert.StartsWith(setting, Assert.Single(refused.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host: xn--localhost\r\n")]
    [InlineData("Host: localhost:99999\r\n")]
    [InlineData("Host:\r\n")]
    public async Task Any_HostThatNamesNone_Answers400(string header)
    {
        await using var host = await StartAsync();

        Assert.StartsWith("HTTP/1.1 400 ", await FirstLineAsync(host, $"GET /signin HTTP/1.1\r\n{header}Connection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("copilot.example", "/", true)]
    [InlineData("[::1]:5000", "/", true)]
    [InlineData("bücher.example", "/", true)]
    [InlineData("", "/", false)]
    [InlineData("", "/health/live", true)]
    public void IsValid_Host_NamesOne(string name, string path, bool expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(name);
        request.Path = path;

        Assert.Equal(expected, PublicSite.IsValid(request));
    }

    [Theory]
    [InlineData("/ü", "/%C3%BC")]
    [InlineData("/a\u00a0b", "/a%C2%A0b")]
    [InlineData("/chat/x?q=1#y", "/chat/x?q=1#y")]
    [InlineData("/😀", "/%F0%9F%98%80")]
    [InlineData("//evil.example", "/")]
    [InlineData("/./\\evil.example", "/")]
    public void OrHome_Address_IsAsciiAndOfThisSite(string url, string expected) => Assert.Equal(expected, LocalUrl.OrHome(url));

    private static async Task<PeopleHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var start = new HostSettings();
        foreach (var (name, value) in settings)
        {
            start.Values[name] = value;
        }

        var host = await PeopleHost.StartAsync(start);
        await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        return host;
    }

    private static string SetCookies(HttpResponseMessage response) => string.Join('\n', response.Headers.GetValues("Set-Cookie"));

    private static async Task<string> FirstLineAsync(PeopleHost host, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync() ?? "";
    }
}
