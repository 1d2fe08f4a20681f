using Copilot.Web.Runs;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Api;
using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Storage.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Copilot.Tests.Api;

public sealed class CostApiTests : IAsyncLifetime
{
    private PeopleHost _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings
        {
            IsDemo = true,
            Values = new()
            {
                ["Upstream:BaseUrl"] = "http://127.0.0.1:9/v1",
                ["Upstream:Model"] = "m",
                ["Prices:Currency"] = "EUR",
                ["Prices:Models:0:Model"] = "m",
                ["Prices:Models:0:Input"] = "1",
                ["Prices:Models:0:Output"] = "2",
            },
        });
        _client = _host.Program("demo-key");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Create_Budget_IsKeptInMicroUnits()
    {
        using var response = await _client.PostAsJsonAsync("/api/runs", new { input = "a", budget = 0.50 });

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(500_000, Assert.Single(_host.Runs.Requests).BudgetMicros);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.0000001")]
    [InlineData("\"0.50\"")]
    [InlineData("1e40")]
    public async Task Create_WrongBudget_Answers400(string budget)
    {
        using var response = await PostAsync("/api/runs", $$"""{"input":"a","budget":{{budget}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal($"'budget' must be {ApiText.AmountForm}.", await DetailAsync(response));
        Assert.Empty(_host.Runs.Requests);
    }

    [Fact]
    public async Task Create_BudgetForAModelWithoutAPrice_Answers400()
    {
        await using var host = await PeopleHost.StartDemoAsync();
        using var client = host.Program("demo-key");

        using var response = await client.PostAsJsonAsync("/api/runs", new { input = "a", budget = 0.50 });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(RunCommandText.BudgetWithoutPrice(host.Services.GetRequiredService<IOptions<UpstreamOptions>>().Value.Model), await DetailAsync(response));
    }

    [Fact]
    public async Task Get_Run_SaysCostAndBudget()
    {
        var runId = await StartAsync();
        _host.Runs.Update(runId, run => run with
        {
            Cost = new RunCost { Micros = 12_345, Currency = "EUR", Priced = 2, Cut = 1 },
            Budget = new RunBudget(500_000, "EUR", OnBudget.Ask),
        });

        var run = await JsonAsync(await _client.GetAsync("/api/runs/" + runId));

        Assert.Equal("""{"amount":0.012345,"currency":"EUR","partial":true}""", run.GetProperty("cost").GetRawText());
        Assert.Equal("""{"amount":0.5,"currency":"EUR"}""", run.GetProperty("budget").GetRawText());
    }

    [Fact]
    public async Task Budget_RunWithOne_Answers202AndRaisesIt()
    {
        var runId = await StartAsync();
        _host.Runs.Update(runId, run => run with { Budget = new RunBudget(500_000, "EUR", OnBudget.Ask) });

        using var response = await PostAsync($"/api/runs/{runId}/budget", """{"amount":0.25}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(
            new RunCommand.RaiseBudget(new EventActor("usr_demo_staff1", Roles.Staff), 250_000), Assert.Single(_host.Runs.Commands));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"amount":null}""")]
    [InlineData("""{"amount":-0.5}""")]
    [InlineData("{")]
    public async Task Budget_WrongBody_Answers400(string body)
    {
        var runId = await StartAsync();

        using var response = await PostAsync($"/api/runs/{runId}/budget", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(_host.Runs.Commands);
    }

    [Fact]
    public async Task Budget_RunWithoutOneOrEnded_Answers409()
    {
        var runId = await StartAsync();
        using var without = await PostAsync($"/api/runs/{runId}/budget", """{"amount":1}""");
        _host.Runs.Update(runId, run => run with { Budget = new RunBudget(1, "EUR", OnBudget.Ask) });
        _host.Runs.Append(runId, RunEventTypes.RunCompleted, "{}");
        using var ended = await PostAsync($"/api/runs/{runId}/budget", """{"amount":1}""");

        Assert.Equal(HttpStatusCode.Conflict, without.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, ended.StatusCode);
    }

    [Fact]
    public async Task GetSession_Own_SaysWhatAllItsRunsCost()
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_demo_staff1");
        events.Own(RunEventTypes.UserMessage, """{"text":"How much?"}""");
        events.Own(RunEventTypes.CostRecorded, """{"of":"warm_up","currency":"EUR","amount_micros":12345}""");
        var store = _host.Services.GetServices<IRunEventStore>().OfType<EfRunEventStore>().Single();
        await store.AppendAsync([new RunAppend(events.Summary, events.All)], CancellationToken.None);

        var session = await JsonAsync(await _client.GetAsync("/api/sessions/ses_1"));

        Assert.Equal(["session_id", "title", "created_at", "updated_at", "costs"], session.EnumerateObject().Select(field => field.Name));
        Assert.Equal("How much?", session.GetProperty("title").GetString());
        Assert.Equal("""[{"amount":0.012345,"currency":"EUR","partial":false}]""", session.GetProperty("costs").GetRawText());
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString();

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private Task<HttpResponseMessage> PostAsync(string address, string body) =>
        _client.PostAsync(address, new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task<string> StartAsync()
    {
        using var response = await PostAsync("/api/runs", """{"input":"a"}""");
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("run_id").GetString()!;
    }
}
