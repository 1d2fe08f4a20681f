using System.Net;
using System.Net.WebSockets;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Security;
using Microsoft.AspNetCore.Http;

namespace Copilot.Tests.Security;

public sealed class OriginCheckTests(DemoHost demo) : IClassFixture<DemoHost>
{
    [Theory]
    [InlineData("GET", "/", "http://evil.example", null, true)]
    [InlineData("POST", "/api/runs", "http://evil.example", null, true)]
    [InlineData("POST", "/account/signin", "http://evil.example", "c=1", false)]
    [InlineData("POST", "/account/signin", "null", "c=1", false)]
    [InlineData("POST", "/account/signin", "http://localhost:5000", "c=1", true)]
    [InlineData("POST", "/account/signin", "http://LOCALHOST:5000", "c=1", true)]
    [InlineData("POST", "/account/signin", "http://localhost:5001", "c=1", false)]
    [InlineData("POST", "/account/signin", "https://localhost:5000", "c=1", true)]
    [InlineData("POST", "/account/signin", null, "c=1", true)]
    [InlineData("DELETE", "/x", "http://evil.example", "c=1", false)]
    [InlineData("POST", "/_blazor/negotiate", "http://evil.example", null, false)]
    [InlineData("POST", "/_blazor/negotiate", null, null, false)]
    [InlineData("POST", "/_blazor/negotiate", "http://localhost:5000", null, true)]
    [InlineData("GET", "/_blazor", "http://evil.example", null, false)]
    [InlineData("GET", "/_BLAZOR", "http://evil.example", null, false)]
    [InlineData("GET", "/_blazor", null, null, true)]
    public void Allows_Request_OnlyFromOwnPages(string method, string path, string? origin, string? cookie, bool expected)
    {
        var request = Request(method, path);
        request.Headers.Origin = origin;
        request.Headers.Cookie = cookie;

        Assert.Equal(expected, OriginCheck.Allows(request));
    }

    [Theory]
    [InlineData("same-origin", true)]
    [InlineData("none", true)]
    [InlineData("same-site", false)]
    [InlineData("cross-site", false)]
    public void Allows_LongPollWithoutOrigin_DependsOnFetchSite(string site, bool expected)
    {
        var request = Request("GET", "/_blazor");
        request.Headers["Sec-Fetch-Site"] = site;

        Assert.Equal(expected, OriginCheck.Allows(request));
    }

    [Fact]
    public void Allows_PlainPageAgainstHttpsSite_IsRefused()
    {
        var request = Request("POST", "/_blazor/negotiate");
        request.IsHttps = true;
        request.Host = new HostString("copilot.example", 443);
        request.Headers.Origin = "http://copilot.example:443";

        Assert.False(OriginCheck.Allows(request));
    }

    [Fact]
    public async Task Negotiate_ForeignOrigin_Answers403()
    {
        var host = demo.Host;
        using var browser = host.Browser();

        using var foreign = await NegotiateAsync(browser, "http://evil.example");
        using var own = await NegotiateAsync(browser, host.Address.GetLeftPart(UriPartial.Authority));

        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task Post_ProxyPassesAnotherHost_IsAnsweredWithASentenceAndBothNamesAreLoggedOnce()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        using var browser = host.Browser();

        foreach (var _ in Enumerable.Range(0, 3))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/account/signin") { Content = new FormUrlEncodedContent([]) };
            request.Headers.Add("Origin", "https://copilot.test");
            request.Headers.Add("Cookie", "c=1");
            using var response = await browser.SendAsync(request);

            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Equal(
                SecurityText.OtherOrigin("https://copilot.test", host.Address.Authority), await response.Content.ReadAsStringAsync());
        }

        var line = Assert.Single(host.Log.Warnings);
        Assert.Contains("https://copilot.test", line, StringComparison.Ordinal);
        Assert.Contains(host.Address.Authority, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://evil.example")]
    public async Task Socket_ForeignOrNoOrigin_Answers403(string? origin)
    {
        var host = demo.Host;
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(
            new UriBuilder(host.Address) { Scheme = "ws", Path = "/_blazor" }.Uri, CancellationToken.None));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    private static HttpRequest Request(string method, string path)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        request.Scheme = "http";
        request.Host = new HostString("localhost", 5000);
        request.Path = path;
        return request;
    }

    private static async Task<HttpResponseMessage> NegotiateAsync(HttpClient browser, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", origin);
        return await browser.SendAsync(request);
    }
}
