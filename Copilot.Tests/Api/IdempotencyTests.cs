using System.Net;
using System.Security.Cryptography;
using System.Text;
using Copilot.Domain.Runs;
using Copilot.Tests.Shared;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Upkeep;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

public sealed class IdempotencyTests : RunApiScene
{
    [Fact]
    public async Task Create_SameKeySameBody_AnswersSameRun()
    {
        var first = await RunAsync("k1", "a");
        var second = await RunAsync("k1", "a");

        Assert.Equal(first, second);
        Assert.Single(_host.Runs.Requests);
    }

    [Fact]
    public async Task Create_SameKeyAtOnce_StartsOneRun()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RunAsync("k1", "a")));

        Assert.Single(runs.Distinct());
        Assert.Single(_host.Runs.Requests);
    }

    [Fact]
    public async Task Create_SameKeyOtherBody_Answers422()
    {
        await RunAsync("k1", "a");

        using var response = await PostAsync("k1", "b");

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.UnprocessableEntity);
        Assert.Single(_host.Runs.Requests);
    }

    [Fact]
    public async Task Create_NewConversation_HasAnIdThatNeitherAPageNorAnybodyElseCanChoose()
    {
        using var response = await PostAsync("k1", "a");

        var id = (await RunApiTests.JsonAsync(response)).GetProperty("session_id").GetString()!;
        var guessed = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("key_demo\n\nk1")))[..32];
        Assert.DoesNotContain(guessed, id, StringComparison.Ordinal);
        // A page's are ses_ and 32 digits.
        Assert.Matches("^ses_api_[0-9a-f]{32}$", id);
    }

    [Fact]
    public async Task Create_SessionTaken_Answers404()
    {
        _host.Runs.Refusal = _ => new StartOutcome.SessionTaken();

        using var response = await PostAsync("k1", "a");

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Create_OtherKey_StartsAnotherRun()
    {
        Assert.NotEqual(await RunAsync("k1", "a"), await RunAsync("k2", "a"));
    }

    [Fact]
    public async Task Create_RowLostInACrash_StillFindsTheRun()
    {
        var first = await RunAsync("k1", "a");
        await EraseAsync();

        Assert.Equal(first, await RunAsync("k1", "a"));
        await EraseAsync();
        using var other = await PostAsync("k1", "b");
        await RunApiTests.AssertProblemAsync(other, HttpStatusCode.UnprocessableEntity);

        // The same question, and something else besides.
        foreach (var more in (string[])["""{"input":"a","metadata":{"ticket":"7"}}""", """{"input":"a","text":{"format":{"type":"json_object"}}}"""])
        {
            using var asked = await SendAsync("k1", more);
            await RunApiTests.AssertProblemAsync(asked, HttpStatusCode.UnprocessableEntity);
        }

        Assert.Equal(first, await RunAsync("k1", "a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Create_SameKeyAfterADay_StartsANewRunEachDay(bool areRowsCleared)
    {
        var runs = new List<string>();
        for (var day = 0; day < 3; day++)
        {
            runs.Add(await RunAsync("k1", "a" + day));
            Assert.Equal(runs[^1], await RunAsync("k1", "a" + day));
            _clock.Advance(TimeSpan.FromHours(24));
            if (areRowsCleared)
            {
                await EraseAsync();
            }
        }

        Assert.Equal(3, runs.Distinct().Count());
    }

    [Fact]
    public async Task Create_JustBeforeADay_AnswersSameRun()
    {
        var first = await RunAsync("k1", "a");
        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));

        Assert.Equal(first, await RunAsync("k1", "a"));
    }

    [Fact]
    public async Task Create_AnyBody_KeepsNoHashThatCanBeGuessed()
    {
        await RunAsync("k1", "a");

        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        var body = Encoding.UTF8.GetBytes("""{"input":"a"}""");
        var hash = Assert.Single(await db.IdempotencyKeys.ToListAsync()).BodyHash;
        Assert.NotEqual(SHA256.HashData(body), hash);
        Assert.Equal(_host.Services.GetRequiredService<InstallationKey>().Hash(body), hash);
    }

    [Fact]
    public async Task Clean_RowsOfADayAgo_RemovesThemOnly()
    {
        await RunAsync("old", "a");
        _clock.Advance(TimeSpan.FromMinutes(30));
        await RunAsync("new", "a");
        _clock.Advance(TimeSpan.FromHours(23.5));

        foreach (var cleanup in _host.Services.GetServices<IHourlyCleanup>())
        {
            await cleanup.CleanAsync(CancellationToken.None);
        }

        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        Assert.Equal(["new"], await db.IdempotencyKeys.Select(row => row.Key).ToListAsync());
    }

    [Fact]
    public async Task Create_RunErasedSince_AnswersTheErasedRun()
    {
        var first = await RunAsync("k1", "a");
        _host.Runs.Update(first, run => run.Erase(_clock.GetUtcNow()));
        await EraseAsync();

        Assert.Equal(first, await RunAsync("k1", "a"));
    }

    [Theory]
    [InlineData(255, HttpStatusCode.Accepted)]
    [InlineData(256, HttpStatusCode.BadRequest)]
    public async Task Create_KeyLength_IsLimited(int length, HttpStatusCode expected)
    {
        using var response = await PostAsync(new string('k', length), "a");

        Assert.Equal(expected, response.StatusCode);
    }

    private async Task<string> RunAsync(string key, string input)
    {
        using var response = await PostAsync(key, input);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await RunApiTests.JsonAsync(response)).GetProperty("run_id").GetString()!;
    }

    private Task<HttpResponseMessage> PostAsync(string key, string input) => SendAsync(key, $$"""{"input":"{{input}}"}""");

    private async Task<HttpResponseMessage> SendAsync(string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        return await _client.SendAsync(request);
    }

    private async Task EraseAsync()
    {
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        db.IdempotencyKeys.RemoveRange(await db.IdempotencyKeys.ToListAsync());
        await db.SaveChangesAsync();
    }
}
