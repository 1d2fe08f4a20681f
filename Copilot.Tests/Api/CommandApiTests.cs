using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

/// <summary>What people do about runs, over HTTP.</summary>
public sealed class CommandApiTests : RunApiScene
{
    private const string Reason = "it guesses";
    private readonly List<RunCommand> _sent = [];

    public static TheoryData<string, string, Type> Verbs => new()
    {
        { "stop", "{}", typeof(RunCommand.Stop) },
        { "pause", "{}", typeof(RunCommand.Pause) },
        { "resume", "{}", typeof(RunCommand.Continue) },
        { "say", """{"text":"Only in Leeds."}""", typeof(RunCommand.Steer) },
        { "approve", """{"call_id":"call_1"}""", typeof(RunCommand.Approve) },
        { "deny", """{"call_id":"call_1"}""", typeof(RunCommand.Deny) },
        { "take_over", "{}", typeof(RunCommand.TakeOver) },
        { "write", """{"text":"It is in Leeds."}""", typeof(RunCommand.Write) },
        { "hand_back", "{}", typeof(RunCommand.HandBack) },
        { "cancel_call", """{"call_id":"call_1"}""", typeof(RunCommand.CancelCall) },
        { "retry", "{}", typeof(RunCommand.RetryStep) },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Command_OfASupervisor_IsHandedOverWithItsReason(string verb, string data, Type command)
    {
        var (boss, other, colleague, runId) = await PeopleAsync();
        using (boss)
        using (other)
        using (colleague)
        {
            var body = $$"""{"id":"cmd_1","verb":"{{verb}}","reason":"{{Reason}}","expected_seq":3,"data":{{data}}}""";
            using var accepted = await PostAsync(boss, runId, body);

            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            var receipt = await RunApiTests.JsonAsync(accepted);
            Assert.Equal("cmd_1", receipt.GetProperty("id").GetString());
            Assert.Equal(verb, receipt.GetProperty("verb").GetString());
            var sent = Assert.Single(_sent);
            Assert.IsType(command, sent);
            Assert.Equal(new EventActor("boss", Roles.Supervisor), sent.Actor with { Id = "boss" });
            Assert.Equal("cmd_1", sent.CommandId);
            Assert.Equal(3, sent.ExpectedSeq);
            Assert.Equal(Reason, ReasonOf(sent));

            // Who may not see the run is told that there is none: another team's supervisor, and staff beside its owner.
            foreach (var stranger in new[] { other, colleague })
            {
                using var refused = await PostAsync(stranger, runId, body);
                await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.NotFound);
            }

            using var nobody = await PostAsync(boss, "run_none", body);
            await RunApiTests.AssertProblemAsync(nobody, HttpStatusCode.NotFound);
            Assert.Single(_sent);
        }
    }

    [Theory]
    [InlineData("steer", """{"text":"Only in Leeds."}""", """{"text":"Only in Leeds.","reason":"it guesses"}""")]
    [InlineData("cancel", """{}""", """{"reason":"it guesses"}""")]
    [InlineData("cancel", null, """{"reason":"it guesses"}""")]
    public async Task SteerAndCancel_OfASupervisor_NeedAReason(string verb, string? without, string with)
    {
        var (boss, other, colleague, runId) = await PeopleAsync();
        using (boss)
        using (other)
        using (colleague)
        {
            using var refused = await boss.PostAsync($"/api/runs/{runId}/{verb}", Body(without));
            using var accepted = await boss.PostAsync($"/api/runs/{runId}/{verb}", Body(with));
            using var stranger = await other.PostAsync($"/api/runs/{runId}/{verb}", Body(without));

            Assert.Equal("reason", (await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.BadRequest)).GetProperty("field").GetString());
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            Assert.Equal(Reason, ReasonOf(Assert.Single(_sent)));
            await RunApiTests.AssertProblemAsync(stranger, HttpStatusCode.NotFound);
        }

        static StringContent? Body(string? json) => json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
    }

    [Fact]
    public async Task Command_OfASupervisorWithoutReason_Answers422AndSendsNothing()
    {
        var (boss, other, colleague, runId) = await PeopleAsync();
        using (boss)
        using (other)
        using (colleague)
        {
            using var refused = await PostAsync(boss, runId, """{"verb":"pause","reason":" "}""");

            var problem = await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.UnprocessableEntity);
            Assert.Equal("reason", problem.GetProperty("field").GetString());
            Assert.Empty(_sent);
        }
    }

    [Theory]
    [InlineData("""{"reason":"x"}""", "verb")]
    [InlineData("""{"verb":"explode"}""", "verb")]
    [InlineData("""{"verb":"stop","id":"no spaces"}""", "id")]
    [InlineData("""{"verb":"stop","expected_seq":"one"}""", "expected_seq")]
    [InlineData("""{"verb":"approve","data":{"arguments":[1]}}""", "data.arguments")]
    public async Task Command_WrongBody_Answers400WithTheField(string body, string field)
    {
        using var refused = await PostAsync(_client, await StartAsync(), body);

        Assert.Equal(field, (await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.BadRequest)).GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("""{"verb":"say"}""", "data.text")]
    [InlineData("""{"verb":"cancel_call"}""", "data.call_id")]
    public async Task Command_WithoutWhatTheVerbNeeds_Answers422WithTheField(string body, string field)
    {
        using var refused = await PostAsync(_client, await StartAsync(), body);

        Assert.Equal(field, (await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.UnprocessableEntity)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Command_OfTheOwner_StopsWithoutReasonAndTakesNothingOver()
    {
        var runId = await StartAsync();

        using var taken = await PostAsync(_client, runId, """{"verb":"take_over","reason":"mine"}""");
        using var stopped = await PostAsync(_client, runId, """{"verb":"stop"}""");

        await RunApiTests.AssertProblemAsync(taken, HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.Accepted, stopped.StatusCode);
    }

    [Fact]
    public async Task Command_SomebodyWasFirst_Answers409AndNamesThem()
    {
        var (boss, other, colleague, runId) = await PeopleAsync();
        using (boss)
        using (other)
        using (colleague)
        {
            var first = new Intervention(
                RunEventTypes.SupervisorTookOver, new EventActor("usr_demo_supervisor1", Roles.Supervisor), _clock.GetUtcNow(), 7, "mine");
            _host.Runs.OnAsk = _ => new CommandOutcome.Superseded(first);
            using var refused = await PostAsync(boss, runId, """{"verb":"take_over","reason":"x"}""");

            var problem = await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.Conflict);
            var name = (await _host.Persons.FindAsync("usr_demo_supervisor1", CancellationToken.None))!.DisplayName;
            Assert.Equal(InterveneText.First(name, "take_over"), problem.GetProperty("detail").GetString());
            var who = problem.GetProperty("first");
            Assert.Equal("usr_demo_supervisor1", who.GetProperty("id").GetString());
            Assert.Equal(name, who.GetProperty("name").GetString());
            Assert.Equal("Supervisor", who.GetProperty("role").GetString());
            Assert.Equal("take_over", who.GetProperty("verb").GetString());
            Assert.Equal(ApiTime.Format(first.At), who.GetProperty("at").GetString());
            Assert.Equal("mine", who.GetProperty("reason").GetString());

            _host.Runs.OnAsk = _ => new CommandOutcome.NotTheirs(first);
            using var notTheirs = await PostAsync(boss, runId, """{"verb":"hand_back","reason":"x"}""");
            await RunApiTests.AssertProblemAsync(notTheirs, HttpStatusCode.Forbidden);

            _host.Runs.OnAsk = _ => new CommandOutcome.OtherMustApprove();
            using var fourEyes = await PostAsync(boss, runId, """{"verb":"approve","reason":"x","data":{"call_id":"c"}}""");
            await RunApiTests.AssertProblemAsync(fourEyes, HttpStatusCode.Forbidden);

            _host.Runs.OnAsk = _ => new CommandOutcome.AlreadyDecided(
                new ApprovalDecision(ApprovalAnswer.Denied, first.Actor, first.At, Arguments: null, "no"));
            using var decided = await PostAsync(boss, runId, """{"verb":"approve","reason":"x","data":{"call_id":"c"}}""");
            Assert.Equal("deny", (await RunApiTests.AssertProblemAsync(decided, HttpStatusCode.Conflict)).GetProperty("first").GetProperty("verb").GetString());

            _host.Runs.OnAsk = _ => new CommandOutcome.NotPossible();
            using var late = await PostAsync(boss, runId, """{"verb":"pause","reason":"x"}""");
            await RunApiTests.AssertProblemAsync(late, HttpStatusCode.Conflict);
        }
    }

    private static string? ReasonOf(RunCommand command) => command switch
    {
        RunCommand.Intervene one => one.Reason,
        RunCommand.Stop one => one.Reason,
        RunCommand.Steer one => one.Reason,
        RunCommand.Approve one => one.Reason,
        RunCommand.Deny one => one.Reason,
        _ => null,
    };

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string runId, string body) => client.PostAsync(
        $"/api/runs/{runId}/commands", new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")));

    /// <summary>A supervisor of the run's team, one of another team, a colleague of its owner, and the run.</summary>
    private async Task<(HttpClient Boss, HttpClient Other, HttpClient Colleague, string RunId)> PeopleAsync()
    {
        var runId = await StartAsync();
        _host.Runs.OnAsk = command =>
        {
            _sent.Add(command);
            return new CommandOutcome.Accepted();
        };
        await using (var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync())
        {
            db.Teams.Add(new TeamRow { Id = "team_other", Name = "Other" });
            await db.SaveChangesAsync();
        }

        var team = _host.Runs.Newest().TeamId;
        return (
            await ProgramOfAsync("boss", Roles.Supervisor, team),
            await ProgramOfAsync("other", Roles.Supervisor, "team_other"),
            await ProgramOfAsync("colleague", Roles.Staff, team),
            runId);
    }
}
