using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Audit;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api.Keeping;

/// <summary>Retention rules and legal holds over the API: for admins, as on the page.</summary>
public sealed class RetentionApiTests(RetentionApiTests.Server server) : IClassFixture<RetentionApiTests.Server>
{
    private const string Admin = "usr_demo_admin1";
    private const string Supervisor = "usr_demo_supervisor1";
    private const string Person = "usr_demo_staff1";

    private readonly PeopleHost _host = server.Host;

    [Fact]
    public async Task Rule_OfAnAdmin_IsSetReadRemovedAndRecorded()
    {
        using var admin = await ProgramAsync(Admin);
        using var set = await admin.PutAsJsonAsync("/api/retention/rules/session/ses_1", new { days = 30 });
        using var changed = await admin.PutAsJsonAsync("/api/retention/rules/session/ses_1", new { until_closed = true });
        var listed = await admin.GetFromJsonAsync<JsonElement>("/api/retention/rules");
        using var removed = await admin.DeleteAsync("/api/retention/rules/session/ses_1");
        using var again = await admin.DeleteAsync("/api/retention/rules/session/ses_1");

        Assert.Equal(30, (await RunApiTests.JsonAsync(set)).GetProperty("days").GetInt32());
        Assert.True((await RunApiTests.JsonAsync(changed)).GetProperty("until_closed").GetBoolean());
        var rule = Assert.Single(listed.GetProperty("rules").EnumerateArray(), one => one.GetProperty("id").GetString() == "ses_1");
        Assert.Equal("session", rule.GetProperty("scope").GetString());
        Assert.Equal(Admin, rule.GetProperty("set_by").GetString());
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        await RunApiTests.AssertProblemAsync(again, HttpStatusCode.NotFound);
        Assert.Equal(["kept for 30 days", "kept until closed", "rule removed"], await RecordedAsync("ses_1"));
    }

    [Fact]
    public async Task Hold_OfAnAdmin_IsInForceUntilItIsLiftedAndRecorded()
    {
        using var admin = await ProgramAsync(Admin);
        using var owner = _host.Program("demo-key");

        using var set = await admin.PostAsJsonAsync("/api/retention/holds", new { session_id = "ses_2", reason = " Case 7 " });
        var hold = await RunApiTests.JsonAsync(set);
        using var refused = await owner.DeleteAsync("/api/sessions/ses_2");
        using var lifted = await admin.DeleteAsync($"/api/retention/holds/{hold.GetProperty("id").GetString()}");
        using var again = await admin.DeleteAsync($"/api/retention/holds/{hold.GetProperty("id").GetString()}");
        var listed = await admin.GetFromJsonAsync<JsonElement>("/api/retention/holds");

        Assert.Equal(HttpStatusCode.Created, set.StatusCode);
        Assert.Equal("Case 7", hold.GetProperty("reason").GetString());
        Assert.Equal("ses_2", hold.GetProperty("session_id").GetString());
        Assert.Equal(JsonValueKind.Null, hold.GetProperty("person_id").ValueKind);
        await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.Conflict);
        Assert.Equal(Admin, (await RunApiTests.JsonAsync(lifted)).GetProperty("lifted_by").GetString());
        await RunApiTests.AssertProblemAsync(again, HttpStatusCode.Conflict);
        Assert.Contains(listed.GetProperty("holds").EnumerateArray(), one => one.GetProperty("id").GetString() == hold.GetProperty("id").GetString());
        Assert.Equal(["legal hold: Case 7", "legal hold lifted"], await RecordedAsync("ses_2"));
    }

    [Theory]
    [InlineData("PUT", "/api/retention/rules/session/ses_3", "{}", 400)]
    [InlineData("PUT", "/api/retention/rules/session/ses_3", """{"days":0}""", 400)]
    [InlineData("PUT", "/api/retention/rules/session/ses_3", """{"days":36501}""", 400)]
    [InlineData("PUT", "/api/retention/rules/session/ses_3", """{"days":3,"until_closed":true}""", 400)]
    [InlineData("PUT", "/api/retention/rules/person/usr_1", """{"days":3}""", 404)]
    [InlineData("PUT", "/api/retention/rules/agent/agt_none", """{"days":3}""", 404)]
    [InlineData("PUT", "/api/retention/rules/session/ses_none", """{"days":3}""", 404)]
    [InlineData("POST", "/api/retention/holds", """{"session_id":"ses_none","reason":"why"}""", 404)]
    [InlineData("POST", "/api/retention/holds", """{"session_id":"ses_3"}""", 400)]
    [InlineData("POST", "/api/retention/holds", """{"session_id":"ses_3","reason":"  "}""", 400)]
    [InlineData("POST", "/api/retention/holds", """{"reason":"why"}""", 400)]
    [InlineData("POST", "/api/retention/holds", """{"session_id":"ses_3","person_id":"usr_1","reason":"why"}""", 400)]
    [InlineData("POST", "/api/retention/holds", """{"person_id":"usr_none","reason":"why"}""", 404)]
    [InlineData("DELETE", "/api/retention/holds/hld_none", null, 404)]
    public async Task Request_ThatCannotBe_ChangesNothing(string method, string path, string? body, int status)
    {
        using var admin = await ProgramAsync(Admin);

        using var response = await SendAsync(admin, method, path, body);

        await RunApiTests.AssertProblemAsync(response, (HttpStatusCode)status);
        foreach (var subject in (string[])["ses_3", "ses_none", "agt_none", "usr_none"])
        {
            Assert.Empty(await RecordedAsync(subject));
        }
    }

    [Fact]
    public async Task Rule_WithDaysThatAreNoNumber_SaysWhatTheyMustBe()
    {
        using var admin = await ProgramAsync(Admin);

        using var response = await SendAsync(admin, "PUT", "/api/retention/rules/session/ses_3", """{"days":"many"}""");

        Assert.Equal("'days' must be a whole number.", (await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest)).GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("GET", "/api/retention/rules", null)]
    [InlineData("PUT", "/api/retention/rules/session/ses_4", """{"days":3}""")]
    [InlineData("DELETE", "/api/retention/rules/session/ses_4", null)]
    [InlineData("GET", "/api/retention/holds", null)]
    [InlineData("POST", "/api/retention/holds", """{"session_id":"ses_4","reason":"why"}""")]
    [InlineData("POST", "/api/retention/holds", "no JSON")]
    [InlineData("DELETE", "/api/retention/holds/hld_1", null)]
    public async Task Address_OfWhoIsNoAdmin_IsNotThere(string method, string path, string? body)
    {
        foreach (var userId in (string[])[Supervisor, Person])
        {
            using var client = await ProgramAsync(userId);

            using var response = await SendAsync(client, method, path, body);

            await RunApiTests.AssertProblemAsync(response, HttpStatusCode.NotFound);
        }

        Assert.Empty(await RecordedAsync("ses_4"));
    }

    private IDbContextFactory<CopilotDbContext> Contexts => _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>();

    private async Task<List<string?>> RecordedAsync(string objectId)
    {
        await using var db = await Contexts.CreateDbContextAsync();
        return await db.AccessLog.Where(row => row.Action == AccessActions.RetentionChanged && row.ObjectId == objectId).Select(row => row.After).ToListAsync();
    }

    private async Task<HttpClient> ProgramAsync(string userId) =>
        _host.Program((await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(userId, "test", CancellationToken.None)).Key);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string? body) => client.SendAsync(
        new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        });

    /// <summary>The API with some conversations.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal PeopleHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Host = await PeopleHost.StartAsync(new HostSettings { IsDemo = true, Configure = builder => builder.Services.AddAudit() });
            using var store = new EfRunEventStore(
                Host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>(), Host.Services.GetRequiredService<WriteLock>(), new ChangedChains());
            foreach (var name in (string[])["1", "2", "3", "4"])
            {
                var log = new RunEvents($"run_{name}").Created($"ses_{name}", Person);
                await store.AppendAsync([new RunAppend(log.Summary, log.All)], CancellationToken.None);
            }
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
