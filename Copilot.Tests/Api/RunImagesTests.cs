using System.Net;
using System.Text;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Timeline;
using Copilot.Web.Components.Timeline.Cards;

namespace Copilot.Tests.Api;

public sealed class RunImagesTests(DemoHost demo) : IClassFixture<DemoHost>
{
    private static readonly byte[] s_pixel = Convert.FromBase64String(HostedRecordings.Pixel);

    private readonly PeopleHost _host = demo.Host;

    [Fact]
    public async Task Get_OwnImage_IsTheDecodedBytesAsWhatTheyAre()
    {
        var runId = await StartAsync();
        var seq = Append(runId, "response.image_generation_call.partial_image", Partial(HostedRecordings.Pixel));
        using var browser = await SignedInAsync("staff1");

        using var response = await browser.GetAsync(Address(runId, seq));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/png", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("private, no-cache", response.Headers.CacheControl?.ToString().Replace("no-cache, private", "private, no-cache", StringComparison.Ordinal));
        Assert.Equal(s_pixel, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_WithItsTag_Answers304()
    {
        var runId = await StartAsync();
        var seq = Append(runId, "response.image_generation_call.partial_image", Partial(HostedRecordings.Pixel));
        using var browser = await SignedInAsync("staff1");
        using var first = await browser.GetAsync(Address(runId, seq));
        browser.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await browser.GetAsync(Address(runId, seq));

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("staff1", true)]
    [InlineData("supervisor1", true)]
    [InlineData("admin1", true)]
    [InlineData("staff2", false)]
    [InlineData("supervisor2", true)]
    public async Task Get_SomebodysImage_FollowsTheRuleOfRuns(string account, bool allowed)
    {
        var runId = await StartAsync();
        var seq = Append(runId, "response.image_generation_call.partial_image", Partial(HostedRecordings.Pixel));
        using var browser = await SignedInAsync(account);

        using var response = await browser.GetAsync(Address(runId, seq));

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Get_WithoutSigningIn_GoesToTheSignInPage()
    {
        var runId = await StartAsync();
        var seq = Append(runId, "response.image_generation_call.partial_image", Partial(HostedRecordings.Pixel));
        using var browser = _host.Browser();

        using var response = await browser.GetAsync(Address(runId, seq));

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.StartsWith("/signin", response.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=")]
    [InlineData("PGh0bWw+PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0PjwvaHRtbD4=")]
    [InlineData("not base64 at all")]
    [InlineData("")]
    public async Task Get_WhatIsNoImage_Answers404(string base64)
    {
        var runId = await StartAsync();
        var seq = Append(runId, "response.image_generation_call.partial_image", Partial(base64));
        using var browser = await SignedInAsync("staff1");

        using var response = await browser.GetAsync(Address(runId, seq));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Get_EveryImageThatTheTimelineNames_IsThere()
    {
        var runId = await StartAsync();
        var code = Append(runId, "response.output_item.done", $$"""{"type":"response.output_item.done","output_index":0,"item":{{HostedRecordings.Items[2]}}}""");
        var done = Append(runId, "response.completed", $$$"""{"type":"response.completed","response":{"id":"r","status":"completed","output":[{{{HostedRecordings.Items[0]}}},{{{HostedRecordings.Items[3]}}}]}}""");
        using var browser = await SignedInAsync("staff1");
        foreach (var (image, expected) in new[]
        {
            (new ImageRef(code, null, 0, 0), HttpStatusCode.OK),
            (new ImageRef(code, null, 1, 0), HttpStatusCode.NotFound),
            (new ImageRef(code, null, 2, 0), HttpStatusCode.NotFound),
            (new ImageRef(done, 1, 0, 0), HttpStatusCode.OK),
            (new ImageRef(done, 0, 0, 0), HttpStatusCode.NotFound),
            (new ImageRef(done, 7, 0, 0), HttpStatusCode.NotFound),
            (new ImageRef(done + 1, null, 0, 0), HttpStatusCode.NotFound),
        })
        {
            using var response = await browser.GetAsync(ImageAddress.Of(runId, image));
            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("/runs/run_none/events/1/image")]
    [InlineData("/runs/{0}/events/1/image")]
    [InlineData("/runs/{0}/events/0/image")]
    [InlineData("/runs/{0}/events/x/image")]
    [InlineData("/runs/{0}/events/3/image?n=-1")]
    [InlineData("/runs/{0}/events/3/image?item=99999999999")]
    public async Task Get_AnythingElse_Answers404(string path)
    {
        var runId = await StartAsync();
        Append(runId, "response.image_generation_call.partial_image", Partial(HostedRecordings.Pixel));
        using var browser = await SignedInAsync("admin1");

        using var response = await browser.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, runId));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static string Partial(string base64) =>
        $$"""{"type":"response.image_generation_call.partial_image","item_id":"ig_1","output_index":0,"partial_image_index":0,"partial_image_b64":"{{base64}}"}""";

    private static string Address(string runId, long seq) => ImageAddress.Of(runId, new ImageRef(seq, null, 0, 0));

    private async Task<string> StartAsync()
    {
        using var client = _host.Program("demo-key");
        using var response = await client.PostAsync("/api/runs", new StringContent("""{"input":"draw"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await RunApiTests.JsonAsync(response)).GetProperty("run_id").GetString()!;
    }

    private long Append(string runId, string type, string data) => _host.Runs.AppendUpstream(runId, type, data);

    private async Task<HttpClient> SignedInAsync(string account)
    {
        var browser = _host.Browser();
        using var response = await PeopleHost.PostFormAsync(browser, "/signin", "/account/demo", ("account", account), ("returnUrl", "/"));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return browser;
    }
}
