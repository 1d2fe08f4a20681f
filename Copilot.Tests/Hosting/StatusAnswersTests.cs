using System.Net;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Components.Layout;
using Copilot.Web.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Hosting;

/// <summary>An address that does not exist is 404 whatever the method, and a page only for a browser that opens it.</summary>
public sealed class StatusAnswersTests(StatusAnswersTests.Server server) : IClassFixture<StatusAnswersTests.Server>
{
    private readonly WholeHost _host = server.Host;

    [Fact]
    public async Task StaticFile_SignedIn_AsksTheDatabaseNothing()
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = _host.Address };
        using var signedIn = await PeopleHost.PostFormAsync(browser, "/signin", "/account/demo", ("account", "staff1"));
        var current = _host.App.Services.GetRequiredService<CurrentSignIns>();
        var looks = current.Looks;

        using var file = await browser.GetAsync("/css/app.css");
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.Equal(looks, current.Looks);

        using var page = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(looks + 1, current.Looks);
    }

    [Theory]
    [InlineData("GET", "/nope", "text/html", "text/html")]
    [InlineData("GET", "/nope", "*/*", "text/plain")]
    [InlineData("POST", "/nope", "text/html", "text/plain")]
    [InlineData("POST", "/nope", "application/json", "text/plain")]
    [InlineData("PUT", "/nope", null, "text/plain")]
    [InlineData("DELETE", "/nope", null, "text/plain")]
    [InlineData("POST", "/api/nope", "text/html", "application/problem+json")]
    [InlineData("POST", "/demo/v1/nope", null, "application/json")]
    [InlineData("DELETE", "/demo/v1/nope", "text/html", "application/json")]
    public async Task Unknown_AnyMethod_Answers404InTheClientsTerms(string method, string path, string? accept, string expected)
    {
        using var client = _host.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Authorization", "Bearer demo-key");
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        if (method is "POST" or "PUT")
        {
            request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(expected, response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal(expected == "text/html", body.Contains(ShellText.NotFoundTitle, StringComparison.Ordinal));
        Assert.NotEmpty(body);
    }

    [Fact]
    public async Task DemoUpstream_AskedByAnotherHost_Answers404()
    {
        using var client = _host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/demo/v1/responses") { Content = new StringContent("{}") };
        request.Headers.Host = "evil.example";

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Negotiate_WithoutOrigin_Answers403()
    {
        using var client = _host.Client();

        using var response = await client.PostAsync("/_blazor/negotiate", content: null);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    /// <summary>The whole product, which is only asked.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal WholeHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await WholeHost.StartAsync();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
