using System.Net;
using System.Net.Http.Json;
using System.Text;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Runs;

namespace Copilot.Tests.Api;

/// <summary>Cancelling and steering a run over the API.</summary>
public sealed class RunControlApiTests : RunApiScene
{
    [Theory]
    [InlineData(" enough ", "enough")]
    [InlineData("  ", null)]
    public async Task Cancel_Running_Answers202AndSendsReason(string reason, string? sent)
    {
        var runId = await StartAsync();

        using var response = await _client.PostAsJsonAsync($"/api/runs/{runId}/cancel", new { reason });

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(
            new RunCommand.Stop(new EventActor("usr_demo_staff1", Roles.Staff), sent), Assert.Single(_host.Runs.Commands));
    }

    [Fact]
    public async Task Cancel_WithoutBody_Answers202()
    {
        var runId = await StartAsync();

        using var response = await _client.PostAsync($"/api/runs/{runId}/cancel", content: null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task Cancel_Ended_Answers409()
    {
        var runId = await StartAsync();
        _host.Runs.Append(runId, RunEventTypes.RunCompleted, "{}");

        using var response = await _client.PostAsync($"/api/runs/{runId}/cancel", content: null);

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Steer_Running_Answers202AndSaysIt()
    {
        var runId = await StartAsync();

        using var response = await _client.PostAsJsonAsync($"/api/runs/{runId}/steer", new { text = "Only in Leeds.", id = "my-1" });

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal($$"""{"run_id":"{{runId}}","steer_id":"my-1"}""", (await RunApiTests.JsonAsync(response)).GetRawText());
        Assert.Equal(
            new RunCommand.Steer(new EventActor("usr_demo_staff1", Roles.Staff), "my-1", "Only in Leeds."), Assert.Single(_host.Runs.Commands));
    }

    [Fact]
    public async Task Steer_WithoutId_MakesOne()
    {
        var runId = await StartAsync();

        using var response = await _client.PostAsJsonAsync($"/api/runs/{runId}/steer", new { text = "Only in Leeds." });

        var steerId = (await RunApiTests.JsonAsync(response)).GetProperty("steer_id").GetString();
        Assert.StartsWith("say_", steerId, StringComparison.Ordinal);
        Assert.Equal(steerId, Assert.IsType<RunCommand.Steer>(Assert.Single(_host.Runs.Commands)).SteerId);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"text":" "}""")]
    [InlineData("""{"text":7}""")]
    [InlineData("""{"text":"a","id":""}""")]
    [InlineData("""{"text":"a","id":"with space"}""")]
    public async Task Steer_BodyCannotBeUsed_Answers400(string body)
    {
        var runId = await StartAsync();

        using var response = await _client.PostAsync($"/api/runs/{runId}/steer", new StringContent(body, Encoding.UTF8, "application/json"));

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Empty(_host.Runs.Commands);
    }

    [Fact]
    public async Task SomebodyElsesRun_WithoutAReason_Answers400WithTheField_AndWithOneHandsItOver()
    {
        var runId = await StartAsync();
        _host.Runs.Update(runId, run => run with { Budget = new RunBudget(10_000, "EUR", OnBudget.Ask) });
        var sent = new List<RunCommand>();
        _host.Runs.OnAsk = command =>
        {
            sent.Add(command);
            return new CommandOutcome.Accepted();
        };
        using var boss = await ProgramOfAsync("boss", Roles.Supervisor, _host.Runs.Newest().TeamId);
        foreach (var (address, said) in new (string, string)[]
        {
            ("cancel", ""),
            ("steer", """ "text":"Hurry" """),
            ("approvals/call_1", """ "decision":"approve" """),
            ("approvals/call_1", """ "decision":"approve","arguments":{"quantity":1} """),
            ("approvals/call_1", """ "decision":"deny" """),
            ("questions/call_2", """ "answer":"Small" """),
            ("budget", """ "amount":0.25 """),
        })
        {
            foreach (var unsaid in new[] { "", " \"reason\":\" \" " })
            {
                using var refused = await PostAsync(boss, runId, address, said, unsaid);
                var problem = await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.BadRequest);
                Assert.Equal("reason", problem.GetProperty("field").GetString());
                Assert.Equal(RunCommandText.ReasonMissing, problem.GetProperty("detail").GetString());
                Assert.Empty(sent);
            }

            using var accepted = await PostAsync(boss, runId, address, said, " \"reason\":\" they are out \" ");
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            Assert.Equal("they are out", Assert.Single(sent).Reason);
            sent.Clear();

            using var own = await PostAsync(_client, runId, address, said, "");
            Assert.Equal(HttpStatusCode.Accepted, own.StatusCode);
            Assert.Null(Assert.Single(sent).Reason);
            sent.Clear();
        }
    }

    [Fact]
    public async Task Steer_Ended_Answers409()
    {
        var runId = await StartAsync();
        _host.Runs.Append(runId, RunEventTypes.RunCompleted, "{}");

        using var response = await _client.PostAsJsonAsync($"/api/runs/{runId}/steer", new { text = "Too late?" });

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.Conflict);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string runId, string address, params string[] fields) => client.PostAsync(
        $"/api/runs/{runId}/{address}",
        new StringContent($"{{{string.Join(',', fields.Where(field => field.Length > 0))}}}", Encoding.UTF8, "application/json"));
}
