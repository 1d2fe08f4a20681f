using System.Net;
using System.Net.Http.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

/// <summary>Answers to a question of the agent over HTTP: by whom, and what happens to one that comes too late.</summary>
public sealed class QuestionApiTests : RunApiScene
{
    private readonly List<RunCommand> _sent = [];

    [Fact]
    public async Task Answer_OfTheOwnerAndOfTheTeamsSupervisor_IsHandedOver_AndForOthersThereIsNoRun()
    {
        var runId = await StartAsync();
        Answer(new CommandOutcome.Accepted());
        await using (var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync())
        {
            db.Teams.Add(new TeamRow { Id = "team_other", Name = "Other" });
            await db.SaveChangesAsync();
        }

        var team = _host.Runs.Newest().TeamId;
        foreach (var (name, role, of) in new[] { ("colleague", Roles.Staff, team), ("other", Roles.Supervisor, "team_other") })
        {
            using var stranger = await ProgramOfAsync(name, role, of);
            using var refused = await PostAsync(stranger, runId, "Large");
            await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.NotFound);
        }

        using var missing = await PostAsync(_client, "run_none", "Large");
        await RunApiTests.AssertProblemAsync(missing, HttpStatusCode.NotFound);
        Assert.Empty(_sent);

        using var accepted = await PostAsync(_client, runId, "Large");
        using var boss = await ProgramOfAsync("boss", Roles.Supervisor, team);
        using var helped = await boss.PostAsJsonAsync($"/api/runs/{runId}/questions/call_1", new { answer = "Small", reason = "they are out" });

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal(runId, (await RunApiTests.JsonAsync(accepted)).GetProperty("run_id").GetString());
        Assert.Equal(HttpStatusCode.Accepted, helped.StatusCode);
        Assert.Equal(new RunCommand.Answer(new EventActor("usr_demo_staff1", Roles.Staff), "call_1", "Large"), _sent[0]);
        var second = Assert.IsType<RunCommand.Answer>(_sent[1]);
        Assert.Equal(Roles.Supervisor, second.Actor.Role);
        Assert.Equal("Small", second.Text);
        Assert.Equal("they are out", second.Reason);
    }

    [Fact]
    public async Task Answer_TooLate_Answers409_AndToNoQuestion404()
    {
        var runId = await StartAsync();

        Answer(new CommandOutcome.NotPossible());
        using var late = await PostAsync(_client, runId, "Large");
        var problem = await RunApiTests.AssertProblemAsync(late, HttpStatusCode.Conflict);
        Assert.Equal(ApiText.QuestionNotWaiting, problem.GetProperty("detail").GetString());

        Answer(new CommandOutcome.NotFound());
        using var none = await PostAsync(_client, runId, "Large");
        await RunApiTests.AssertProblemAsync(none, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Answer_ThatCannotBeUsed_Answers400WithTheField()
    {
        var runId = await StartAsync();
        using var empty = await _client.PostAsJsonAsync($"/api/runs/{runId}/questions/call_1", new { });
        Assert.Equal("answer", (await RunApiTests.AssertProblemAsync(empty, HttpStatusCode.BadRequest)).GetProperty("field").GetString());

        Answer(new CommandOutcome.InvalidArguments([new ToolArgumentError("answer", "Choose one of these.")]));
        using var refused = await PostAsync(_client, runId, "Huge");

        var problem = await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.BadRequest);
        Assert.Equal("answer", problem.GetProperty("field").GetString());
        Assert.Equal("Choose one of these.", problem.GetProperty("detail").GetString());
    }

    private void Answer(CommandOutcome outcome) => _host.Runs.OnAsk = command =>
    {
        _sent.Add(command);
        return outcome;
    };

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string runId, string answer) =>
        client.PostAsJsonAsync($"/api/runs/{runId}/questions/call_1", new { answer });
}
