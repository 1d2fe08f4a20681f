using System.Net;
using System.Net.Http.Json;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Identity.Circuits;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Hosting.Proxies;

/// <summary>The product behind the proxies that the documentation shows, each with the lines from there.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    [InlineData("haproxy")]
    public async Task Site_BehindADocumentedProxy_Works(string name)
    {
        await using var host = await StartAsync();
        await using var proxy = await ReverseProxy.StartAsync(name, host.Address);
        var userId = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var handler = proxy.Handler();
        using var browser = new HttpClient(handler) { BaseAddress = ReverseProxy.Site };

        using var home = await browser.GetAsync("/");
        Assert.Equal("/signin?returnUrl=%2F", home.Headers.Location?.ToString());
        Assert.Equal("max-age=15552000", Assert.Single(home.Headers.GetValues("Strict-Transport-Security")));

        browser.DefaultRequestHeaders.Add("Origin", ReverseProxy.Site.GetLeftPart(UriPartial.Authority));
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        using var signedIn = await PeopleHost.PostFormAsync(browser, "/signin", "/account/signin", ("userName", "anna"), ("password", PeopleHost.Password));
        Assert.Equal("/", signedIn.Headers.Location?.ToString());
        Assert.All(handler.CookieContainer.GetAllCookies(), cookie => Assert.True(cookie.Secure, cookie.Name));
        // The proxy's word, not the browser's.
        var own = Assert.Single(await host.Services.GetRequiredService<SignIns>().ListAsync(userId, CancellationToken.None));
        Assert.Equal("127.0.0.1", own.Address);

        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[20 * 1024 * 1024]), "file", "large.bin" } };
        using var uploaded = await browser.PostAsync("/files", form);
        Assert.Equal(HttpStatusCode.Created, uploaded.StatusCode);

        await using var page = await HubPage.OpenAsync(
            ReverseProxy.Site, handler.CookieContainer.GetCookieHeader(ReverseProxy.Site), new HttpMessageInvoker(proxy.Handler()));

        await FollowAsync(host, proxy, (await host.Services.GetRequiredService<ApiKeys>().CreateAsync(userId, "n8n", CancellationToken.None)).Key);
    }

    // Each event comes before there is a next one: nothing on the way waits until there is more.
    private static async Task FollowAsync(PeopleHost host, ReverseProxy proxy, string key)
    {
        using var program = new HttpClient(proxy.Handler()) { BaseAddress = ReverseProxy.Site };
        program.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        program.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        using var started = await program.PostAsJsonAsync("/api/runs", new { input = "Hello" });
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var runId = host.Runs.Only().RunId;
        using var stream = await program.GetAsync($"/api/runs/{runId}/events?after=2", HttpCompletionOption.ResponseHeadersRead).Soon("the stream begins");
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("retry: 3000", await lines.ReadLineAsync().Soon("the first line"));
        for (var seq = 3; seq < 6; seq++)
        {
            host.Runs.Append(runId, "response.x", "{}");
            await ReadToAsync(lines, $"id: {seq}").Soon($"event {seq}");
        }

        host.Runs.Append(runId, RunEventTypes.RunCompleted, "{}");
        await lines.ReadToEndAsync().Soon("the stream ends");
    }

    private static async Task ReadToAsync(StreamReader lines, string line)
    {
        string? read;
        do
        {
            read = await lines.ReadLineAsync();
            Assert.NotNull(read);
        }
        while (read != line);
    }

    private static async Task<PeopleHost> StartAsync()
    {
        var settings = new HostSettings();
        settings.Values["Site:PublicAddress"] = ReverseProxy.Site.GetLeftPart(UriPartial.Authority);
        return await PeopleHost.StartAsync(settings);
    }
}
