using System.Net;
using System.Net.Http.Json;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Files;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Security;

public sealed class RequestLimitsTests
{
    [Fact]
    public async Task SignIn_TooManyFromOneAddress_Answers429AndOthersDoNotNotice()
    {
        await using var host = await StartAsync("Limits:FormsPerAddress", "2");
        using var browser = host.Browser();
        using var first = await SignInAsync(browser, "anna");
        using var second = await SignInAsync(browser, "anna");

        using var third = await SignInAsync(browser, "anna");
        using var elsewhere = host.Browser(IPAddress.Parse("127.0.0.2"));
        using var other = await SignInAsync(elsewhere, "anna");

        Assert.Equal(HttpStatusCode.SeeOther, second.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.True(third.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Contains("Try again in", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, other.StatusCode);
        Assert.Contains("<form", await browser.GetStringAsync("/signin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_TooManyWrongKeys_Answers429AndAKeyThatWorksGoesOn()
    {
        await using var host = await StartAsync("Limits:WrongKeysPerAddress", "1", isDemo: true);
        using var wrong = host.Program("wrong");
        using var first = await wrong.GetAsync("/api/runs/run_x");

        using var second = await wrong.GetAsync("/api/runs/run_x");
        using var right = host.Program("demo-key");
        using var found = await right.GetAsync("/api/runs/run_x");

        Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        await AssertTooManyAsync(second);
        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
    }

    [Fact]
    public async Task Api_TooManyRuns_Answers429()
    {
        await using var host = await StartAsync("Limits:RunsPerPerson", "1", isDemo: true);
        using var program = host.Program("demo-key");
        using var first = await program.PostAsJsonAsync("/api/runs", new { input = "Hello" });

        using var second = await program.PostAsJsonAsync("/api/runs", new { input = "Hello" });

        Assert.NotEqual(HttpStatusCode.TooManyRequests, first.StatusCode);
        await AssertTooManyAsync(second);
    }

    [Fact]
    public async Task Api_TooManyUploads_Answers429()
    {
        await using var host = await StartAsync("Limits:UploadsPerPerson", "1", isDemo: true);
        using var program = host.Program("demo-key");
        using var first = await program.PostAsync("/api/files?name=a.txt", new StringContent("a"));

        using var second = await program.PostAsync("/api/files?name=b.txt", new StringContent("b"));

        Assert.NotEqual(HttpStatusCode.TooManyRequests, first.StatusCode);
        await AssertTooManyAsync(second);
    }

    [Theory]
    [InlineData("Limits:StreamsPerPerson", false)]
    [InlineData("Limits:StreamsPerKey", true)]
    public async Task Api_TooManyStreams_Answers429UntilOneEnds(string setting, bool otherKeyMay)
    {
        await using var host = await StartAsync(setting, "1", isDemo: true);
        using var program = host.Program("demo-key");
        using var another = host.Program(await AnotherKeyAsync(host));
        using var started = await program.PostAsJsonAsync("/api/runs", new { input = "Hello" });
        var runId = (await started.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("run_id").GetString()!;
        using var first = await FollowAsync(program, runId);

        using var second = await FollowAsync(program, runId);
        using var other = await FollowAsync(another, runId);
        host.Runs.Append(runId, RunEventTypes.RunCompleted, "{}");
        await first.Content.ReadAsStringAsync().Soon("the stream ends");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await AssertTooManyAsync(second);
        Assert.Equal(otherKeyMay ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, other.StatusCode);
    }

    [Fact]
    public async Task Api_TooManyRunsOfOneKey_Answers429AndAnotherKeyOfThePersonGoesOn()
    {
        await using var host = await StartAsync("Limits:RunsPerKey", "1", isDemo: true);
        using var program = host.Program("demo-key");
        using var another = host.Program(await AnotherKeyAsync(host));
        using var first = await program.PostAsJsonAsync("/api/runs", new { input = "Hello" });

        using var second = await program.PostAsJsonAsync("/api/runs", new { input = "Hello" });
        using var other = await another.PostAsJsonAsync("/api/runs", new { input = "Hello" });
        using var upload = await program.PostAsync("/api/files?name=a.txt", new StringContent("a"));

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        await AssertTooManyAsync(second);
        Assert.Equal(HttpStatusCode.Accepted, other.StatusCode);
        Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
    }

    [Fact]
    public async Task Api_DiskHasLessThanTheLeast_TakesNoRunsAndNoFiles()
    {
        await using var host = await StartAsync("Limits:MinFreeBytes", "9223372036854775807", isDemo: true);
        using var program = host.Program("demo-key");

        using var run = await program.PostAsJsonAsync("/api/runs", new { input = "Hello" });
        using var upload = await program.PostAsync("/api/files?name=a.txt", new StringContent("a"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, run.StatusCode);
        Assert.Contains(RunCommandText.DiskNearlyFull, await DetailAsync(run), StringComparison.Ordinal);
        Assert.True(run.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.InsufficientStorage, upload.StatusCode);
        Assert.Equal(FileText.DiskNearlyFull, await DetailAsync(upload));
        Assert.Contains("Limits:MinFreeBytes", Assert.Single(host.Log.Warnings), StringComparison.Ordinal);
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("detail").GetString();

    private static Task<HttpResponseMessage> FollowAsync(HttpClient program, string runId) =>
        program.GetAsync($"/api/runs/{runId}/events", HttpCompletionOption.ResponseHeadersRead).Soon("the stream is answered");

    private static async Task<string> AnotherKeyAsync(PeopleHost host) =>
        (await host.Services.GetRequiredService<ApiKeys>().CreateAsync("usr_demo_staff1", "Another", CancellationToken.None)).Key;

    private static async Task AssertTooManyAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Try again in", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<PeopleHost> StartAsync(string setting, string value, bool isDemo = false)
    {
        var settings = new HostSettings { IsDemo = isDemo };
        settings.Values[setting] = value;
        var host = await PeopleHost.StartAsync(settings);
        if (!isDemo)
        {
            await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        }

        return host;
    }

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string name) => PeopleHost.PostFormAsync(
        browser, "/signin", "/account/signin", ("userName", name), ("password", PeopleHost.Password));
}
