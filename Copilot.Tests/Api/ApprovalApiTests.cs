using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Runs;
using Copilot.Web.Identity;

namespace Copilot.Tests.Api;

public sealed class ApprovalApiTests : IAsyncLifetime
{
    private static readonly EventActor s_caller = new("usr_demo_staff1", Roles.Staff);
    private readonly ManualClock _clock = new();
    private readonly List<RunCommand.Decision> _decisions = [];
    private PeopleHost _host = null!;
    private HttpClient _client = null!;
    private string _runId = "";

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings { IsDemo = true, Clock = _clock });
        _client = _host.Program("demo-key");
        using var created = await PostAsync("/api/runs", """{"input":"Order two pumps"}""");
        _runId = (await RunApiTests.JsonAsync(created)).GetProperty("run_id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"decision":"approve"}""", null)]
    [InlineData("""{"decision":"approve","arguments":{"quantity": 1}}""", """{"quantity": 1}""")]
    [InlineData("""{"decision":"approve","arguments":null}""", null)]
    public async Task Decide_Approve_Answers202AndHandsTheArgumentsOver(string body, string? arguments)
    {
        Answer(new CommandOutcome.Accepted());

        using var response = await DecideAsync(body);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(_runId, (await RunApiTests.JsonAsync(response)).GetProperty("run_id").GetString());
        Assert.Equal(new RunCommand.Approve(s_caller, "call_1", arguments), Assert.Single(_decisions));
    }

    [Fact]
    public async Task Decide_Deny_HandsTheReasonOver()
    {
        Answer(new CommandOutcome.Accepted());

        using var response = await DecideAsync("""{"decision":"deny","reason":"too dear"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(new RunCommand.Deny(s_caller, "call_1", "too dear"), Assert.Single(_decisions));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"decision":"maybe"}""")]
    [InlineData("""{"decision":"approve","arguments":"{}"}""")]
    [InlineData("""{"decision":"approve","arguments":[1]}""")]
    [InlineData("""{"decision":"deny","arguments":{}}""")]
    [InlineData("""{"decision":"deny","reason":7}""")]
    public async Task Decide_WrongBody_Answers400AndDecidesNothing(string body)
    {
        Answer(new CommandOutcome.Accepted());

        using var response = await DecideAsync(body);

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Empty(_decisions);
    }

    [Fact]
    public async Task Decide_ArgumentsThatCannotBeUsed_Answers422WithEveryError()
    {
        Answer(new CommandOutcome.InvalidArguments([new ToolArgumentError(null, "The argument 'a' is missing."), new ToolArgumentError(null, "There is no argument 'b'.")]));

        using var response = await DecideAsync("""{"decision":"approve","arguments":{"b":1}}""");

        var problem = await RunApiTests.AssertProblemAsync(response, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(
            ["The argument 'a' is missing.", "There is no argument 'b'."],
            problem.GetProperty("errors").EnumerateArray().Select(error => error.GetString()));
    }

    [Fact]
    public async Task Decide_AlreadyDecided_Answers409WithWhoDecided()
    {
        Answer(new CommandOutcome.AlreadyDecided(
            new ApprovalDecision(ApprovalAnswer.Denied, new EventActor("usr_boss", "Supervisor"), _clock.GetUtcNow(), null, "no")));

        using var response = await DecideAsync("""{"decision":"approve"}""");

        var problem = await RunApiTests.AssertProblemAsync(response, HttpStatusCode.Conflict);
        Assert.Equal(ApiText.AlreadyDecided("denied", "usr_boss"), problem.GetProperty("detail").GetString());
        Assert.Equal("denied", problem.GetProperty("decision").GetString());
        Assert.Equal("""{"id":"usr_boss","role":"Supervisor"}""", problem.GetProperty("decided_by").GetRawText());
    }

    [Fact]
    public async Task Decide_NotWaiting_Answers409()
    {
        Answer(new CommandOutcome.NotPossible());

        using var response = await DecideAsync("""{"decision":"approve"}""");

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Decide_SomebodyElseMustApprove_Answers409AndSaysSo()
    {
        Answer(new CommandOutcome.OtherMustApprove());

        using var response = await DecideAsync("""{"decision":"approve"}""");

        var problem = await RunApiTests.AssertProblemAsync(response, HttpStatusCode.Conflict);
        Assert.Equal(RunCommandText.OtherMustApprove, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Decide_UnknownCall_Answers404()
    {
        Answer(new CommandOutcome.NotFound());

        using var response = await DecideAsync("""{"decision":"approve"}""");

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Get_RunThatWaits_ListsWhatIsPending()
    {
        Wait();

        var run = await RunApiTests.JsonAsync(await _client.GetAsync("/api/runs/" + _runId));

        Assert.Equal("waiting", run.GetProperty("status").GetString());
        Assert.Equal(
            """[{"call_id":"call_1","kind":"tool","name":"orders_place","server_label":null,"arguments":"{\u0022quantity\u0022:2}","requested_at":"2026-11-23T08:00:00.000000Z","expires_at":"2026-11-23T08:30:00.000000Z","other_approver":true,"intent":null,"rule":null}]""",
            run.GetProperty("pending_approvals").GetRawText());
    }

    [Fact]
    public async Task Create_WithWait_ReturnsWhenTheRunWaitsForAPerson()
    {
        var asking = PostAsync($"/api/runs?wait=60", """{"input":"Order three pumps"}""");
        await _host.Runs.Following.Task.Soon("the request waits for the run");
        _runId = _host.Runs.Newest().RunId;

        Wait();

        using var response = await asking.Soon("the request is answered");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var run = await RunApiTests.JsonAsync(response);
        Assert.Equal(_runId, run.GetProperty("run_id").GetString());
        Assert.Equal("waiting", run.GetProperty("status").GetString());
        Assert.Equal("call_1", run.GetProperty("pending_approvals")[0].GetProperty("call_id").GetString());
    }

    private void Wait()
    {
        _host.Runs.Update(_runId, run => run with
        {
            PendingApprovals =
            [
                new PendingApproval("call_1", "orders_place", """{"quantity":2}""", null, _clock.GetUtcNow(), TimeSpan.FromMinutes(30)) { NeedsOther = true },
            ],
        });
        _host.Runs.Append(_runId, RunEventTypes.RunWaiting, "{}");
    }

    private void Answer(CommandOutcome outcome) => _host.Runs.OnDecide = (_, decision) =>
    {
        _decisions.Add(decision);
        return outcome;
    };

    private Task<HttpResponseMessage> DecideAsync(string body) => PostAsync($"/api/runs/{_runId}/approvals/call_1", body);

    private Task<HttpResponseMessage> PostAsync(string address, string body) =>
        _client.PostAsync(address, new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")));
}
