using System.Net;
using System.Text;
using Copilot.Domain.Audit;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Api;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Components.Timeline.Answers;
using Copilot.Web.Files;
using Copilot.Web.Files.Containers;
using Copilot.Web.Options;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Files;

/// <summary>Files that the upstream's code has made, fetched through the product from an upstream that says what the test needs.</summary>
public sealed class ContainerFileDownloadTests : IAsyncLifetime
{
    private const int Most = 2_000;

    private readonly ManualClock _clock = new();
    private readonly List<string> _asked = [];
    private readonly TaskCompletionSource _slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _upstream = null!;
    private PeopleHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _upstream = builder.Build();
        _upstream.Map("/{**path}", AnswerAsync);
        await _upstream.StartAsync();
        var address = new Uri(_upstream.Urls.First() + "/v1");
        _host = await PeopleHost.StartAsync(new HostSettings
        {
            IsDemo = true,
            Clock = _clock,
            Configure = host =>
            {
                host.Services.AddSingleton<IUpstreamEndpoint>(new Endpoint(new UpstreamEndpoint(address, "up-key", IsDemo: false)));
                host.Services.AddResponses();
                host.Services.Configure<LimitOptions>(options => options.DownloadsPerPerson = 1);
                host.Services.Configure<HostedToolsOptions>(options => options.CodeInterpreter.MaxDownloadBytes = Most);
                host.Services.AddSingleton<ContainerFileDownload>();
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        _slow.TrySetResult();
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Get_FileOfAnOwnAnswer_IsADownloadWhateverItIs()
    {
        var (runId, seq) = await CitedAsync("cfile_page", "a\\\"/../report.html");
        using var browser = await SignedInAsync("staff1");

        using var response = await browser.GetAsync(ContainerFileAddress.Of(runId, seq, "cfile_page"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("<script>alert(1)</script>", await response.Content.ReadAsStringAsync());
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.EndsWith("report.html", response.Content.Headers.ContentDisposition?.FileNameStar ?? response.Content.Headers.ContentDisposition?.FileName?.Trim('"'), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("sandbox", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(["GET /v1/containers/cntr_1/files/cfile_page/content Bearer up-key"], _asked);
    }

    [Theory]
    [InlineData("supervisor1", true)]
    [InlineData("admin1", true)]
    [InlineData("staff2", false)]
    public async Task Get_FileOfSomebodyElse_FollowsTheRuleOfRuns_AndIsAnEntryOfTheAccessLog(string account, bool allowed)
    {
        var (runId, seq) = await CitedAsync("cfile_page", "report.html");
        using var browser = await SignedInAsync(account);

        using var response = await browser.GetAsync(ContainerFileAddress.Of(runId, seq, "cfile_page"));

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.NotFound, response.StatusCode);
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        Assert.Equal(allowed ? 1 : 0, await db.AccessLog.CountAsync(row => row.Action == AccessActions.FileRead && row.ObjectId == runId));
        Assert.Equal(allowed ? 1 : 0, _asked.Count);
    }

    [Fact]
    public async Task Get_WhatNoAnswerRefersTo_IsNotAskedFor()
    {
        var (runId, seq) = await CitedAsync("cfile_page", "report.html");
        var (otherRun, other) = await CitedAsync("../../models", "report.html");
        using var browser = await SignedInAsync("staff1");
        foreach (var address in new[]
        {
            ContainerFileAddress.Of(runId, seq, "cfile_other"),
            ContainerFileAddress.Of(runId, seq + 1, "cfile_page"),
            ContainerFileAddress.Of("run_none", seq, "cfile_page"),
            ContainerFileAddress.Of(otherRun, other, "../../models"),
            $"/runs/{runId}/events/0/made-file/cfile_page",
        })
        {
            using var response = await browser.GetAsync(address);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Get_ConversationWasDeleted_IsNotServedAnyMore()
    {
        var (runId, seq) = await CitedAsync("cfile_page", "report.html");
        _host.Runs.Update(runId, run => run with { ForgottenAt = _clock.GetUtcNow() });
        using var browser = await SignedInAsync("staff1");

        using var response = await browser.GetAsync(ContainerFileAddress.Of(runId, seq, "cfile_page"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData("cfile_gone", HttpStatusCode.NotFound, FileText.ContainerFileGone)]
    [InlineData("cfile_large", HttpStatusCode.RequestEntityTooLarge, null)]
    [InlineData("cfile_broken", HttpStatusCode.BadGateway, FileText.ContainerFileNotFetched)]
    [InlineData("cfile_moved", HttpStatusCode.BadGateway, FileText.ContainerFileNotFetched)]
    public async Task Get_UpstreamDoesNotGiveIt_SaysWhy(string fileId, HttpStatusCode status, string? sentence)
    {
        var (runId, seq) = await CitedAsync(fileId, "report.html");
        using var browser = await SignedInAsync("staff1");

        using var response = await browser.GetAsync(ContainerFileAddress.Of(runId, seq, fileId));

        Assert.Equal(status, response.StatusCode);
        var detail = (await RunApiTests.JsonAsync(response)).GetProperty("detail").GetString();
        Assert.Equal(sentence ?? FileText.TooLarge(Most), detail);
        Assert.Single(_asked);
    }

    [Fact]
    public async Task Get_FileWithoutALengthThatIsTooLarge_IsCutOffVisibly()
    {
        var (runId, seq) = await CitedAsync("cfile_endless", "report.html");
        using var browser = await SignedInAsync("staff1");

        await Assert.ThrowsAsync<HttpRequestException>(() => browser.GetByteArrayAsync(ContainerFileAddress.Of(runId, seq, "cfile_endless")));
    }

    [Fact]
    public async Task Get_WhileStorageIsAway_SaysSo()
    {
        var (runId, seq) = await CitedAsync("cfile_page", "report.html");
        using var browser = await SignedInAsync("staff1");
        _host.Runs.FindFailure = new StorageUnavailableException("secret", new IOException());

        using var response = await browser.GetAsync(ContainerFileAddress.Of(runId, seq, "cfile_page"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(FileText.NotReadNow, (await RunApiTests.JsonAsync(response)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Get_UpstreamDoesNotAnswer_EndsAtItsDeadline()
    {
        var (runId, seq) = await CitedAsync("cfile_slow", "report.html");
        using var browser = await SignedInAsync("staff1");

        var pending = browser.GetAsync(ContainerFileAddress.Of(runId, seq, "cfile_slow"));
        await _slow.Task.Soon("the upstream is asked");

        // More at once than one person may have are not begun; others do not notice.
        using var second = await browser.GetAsync(ContainerFileAddress.Of(runId, seq, "cfile_slow"));
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        using var list = await browser.GetAsync("/runs.csv");
        Assert.Equal(HttpStatusCode.TooManyRequests, list.StatusCode);
        using var other = await SignedInAsync("staff2");
        using var own = await other.GetAsync("/runs.csv");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        _clock.Advance(TimeSpan.FromMinutes(1));
        using var response = await pending.Soon("the download ends");

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        lock (_asked)
        {
            _asked.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization}");
        }

        var response = context.Response;
        switch (context.Request.Path.Value!.Split('/')[^2])
        {
            case "cfile_page":
                response.ContentType = "text/html";
                response.Headers.ContentDisposition = "inline";
                await response.WriteAsync("<script>alert(1)</script>");
                break;
            case "cfile_large":
                response.ContentLength = Most + 1;
                await response.Body.WriteAsync(new byte[Most + 1]);
                break;
            case "cfile_endless":
                for (var part = 0; part < 20; part++)
                {
                    await response.Body.WriteAsync(new byte[Most / 2]);
                    await response.Body.FlushAsync();
                }

                break;
            case "cfile_slow":
                _slow.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case "cfile_moved":
                response.StatusCode = StatusCodes.Status302Found;
                response.Headers.Location = "http://127.0.0.1:9/elsewhere";
                break;
            case "cfile_broken":
                response.StatusCode = StatusCodes.Status500InternalServerError;
                await response.WriteAsync("what nobody should read");
                break;
            default:
                response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task<(string RunId, long Seq)> CitedAsync(string fileId, string name)
    {
        using var client = _host.Program("demo-key");
        using var response = await client.PostAsync("/api/runs", new StringContent("""{"input":"plot"}""", Encoding.UTF8, "application/json"));
        var runId = (await RunApiTests.JsonAsync(response)).GetProperty("run_id").GetString()!;
        var annotation = System.Text.Json.JsonSerializer.Serialize(new { type = "container_file_citation", container_id = "cntr_1", file_id = fileId, filename = name });
        return (runId, _host.Runs.AppendUpstream(
            runId,
            "response.output_text.annotation.added",
            $$"""{"type":"response.output_text.annotation.added","item_id":"m","output_index":0,"content_index":0,"annotation":{{annotation}}}"""));
    }

    private async Task<HttpClient> SignedInAsync(string account)
    {
        var browser = _host.Browser();
        using var response = await PeopleHost.PostFormAsync(browser, "/signin", "/account/demo", ("account", account), ("returnUrl", "/"));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return browser;
    }

    private sealed class Endpoint(UpstreamEndpoint endpoint) : IUpstreamEndpoint
    {
        public ValueTask<UpstreamEndpoint> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(endpoint);
    }
}
