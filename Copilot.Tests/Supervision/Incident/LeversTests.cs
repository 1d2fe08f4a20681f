using System.Net;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Api;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Supervision.Help;
using Copilot.Web.Supervision.Incident;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Supervision.Incident;

/// <summary>Levers by page and by API: who may set them, what they do, and that they are undone.</summary>
public sealed class LeversTests : SupervisionScene
{
    private const string Tool = "request_help";

    [Fact]
    public async Task StopIntake_RefusesNewRunsWithWhoWhenAndWhyUntilItIsUndone()
    {
        using var admin = await ProgramAsync(Admin);
        using var staff = await ProgramAsync(Staff);
        var changed = Levers.Changed;

        using var set = await PostAsync(admin, """{"kind":"stop_intake_all","reason":"the provider is down"}""");

        Assert.Equal(HttpStatusCode.Created, set.StatusCode);
        await changed.Soon("those who wait are told");
        var lever = await RunApiTests.JsonAsync(set);
        Assert.Equal("ada", lever.GetProperty("set_by").GetString());
        Assert.Equal(JsonValueKind.Null, lever.GetProperty("target").ValueKind);
        using var refused = await StartAsync(staff);
        await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.ServiceUnavailable);
        var problem = await RunApiTests.JsonAsync(refused);
        Assert.Equal("intake_stopped", problem.GetProperty("code").GetString());
        Assert.Equal(LeverText.Refusal(Assert.Single(Levers.Set), zone: null), problem.GetProperty("detail").GetString());
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Empty(_host.Runs.Requests);

        using var undone = await admin.DeleteAsync($"/api/levers/{lever.GetProperty("id").GetString()}");
        using var started = await StartAsync(staff);

        Assert.Equal(HttpStatusCode.OK, undone.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var audit = await _host.Services.GetRequiredService<PeopleAudit>().NewestAsync(TestKeys.Owner(Admin), 10, CancellationToken.None);
        Assert.Equal(
            [AuditAction.LeverUndone, AuditAction.LeverSet],
            audit!.Select(entry => entry.Action).Where(action => action.StartsWith("lever", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task StopIntakeOfAnAgent_IsAboutThatAgentAlone()
    {
        Assert.True((await SetAsync(LeverKind.StopIntakeAgent, "agt_other")).Result.Accepted);
        Assert.Null(Levers.FindStop("agt_default"));

        Assert.True((await SetAsync(LeverKind.StopIntakeAgent, "agt_default")).Result.Accepted);

        Assert.NotNull(Levers.FindStop("agt_default"));
    }

    [Fact]
    public async Task Set_ByTwoAtOnce_CountsOnceAndTellsTheOtherWho()
    {
        var second = await _host.CreatePersonAsync("abe", Roles.Admin, Team);

        var changes = await Task.WhenAll(
            Task.Run(() => Levers.SetAsync(TestKeys.Owner(Admin), LeverKind.ToolOff, Tool, "first", CancellationToken.None)),
            Task.Run(() => Levers.SetAsync(TestKeys.Owner(second), LeverKind.ToolOff, Tool, "second", CancellationToken.None)));

        var set = Assert.Single(Levers.Set);
        var lost = Assert.Single(changes, change => !change.Result.Accepted);
        Assert.Equal(RefusalCode.Conflict, lost.Result.Code);
        Assert.Equal(LeverText.SetBefore(set), lost.Result.Problem);
        Assert.True(Levers.IsOff(Tool));
    }

    [Fact]
    public async Task Undo_ByTwoAtOnce_CountsOnce()
    {
        var lever = (await SetAsync(LeverKind.ToolOff, Tool)).Lever!;

        var changes = await Task.WhenAll(
            Task.Run(() => Levers.UndoAsync(TestKeys.Owner(Admin), lever.Id, CancellationToken.None)),
            Task.Run(() => Levers.UndoAsync(TestKeys.Owner(Admin), lever.Id, CancellationToken.None)));

        Assert.Single(changes, change => change.Result.Accepted);
        Assert.Single(changes, change => change.Result.Code is RefusalCode.Conflict);
        Assert.False(Levers.IsOff(Tool));
    }

    [Fact]
    public async Task Load_AfterARestart_HasWhatIsSet()
    {
        var undone = (await SetAsync(LeverKind.StopIntakeAll, "")).Lever!;
        await Levers.UndoAsync(TestKeys.Owner(Admin), undone.Id, CancellationToken.None);
        await SetAsync(LeverKind.ToolOff, Tool);

        using var restarted = NewLevers();
        await restarted.LoadAsync(CancellationToken.None);

        Assert.Equal(Levers.Set, restarted.Set);
        Assert.True(restarted.IsOff(Tool));
        Assert.Null(restarted.FindStop("agt_default"));
    }

    [Fact]
    public async Task Levers_OfWhoIsNoAdmin_AreNotThere()
    {
        var lever = (await SetAsync(LeverKind.ToolOff, Tool)).Lever!;
        using var supervisor = await ProgramAsync(Supervisor);

        using var listed = await supervisor.GetAsync("/api/levers");
        using var set = await PostAsync(supervisor, """{"kind":"stop_intake_all","reason":"why"}""");
        using var undone = await supervisor.DeleteAsync($"/api/levers/{lever.Id}");

        Assert.Equal(HttpStatusCode.NotFound, listed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, set.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, undone.StatusCode);
        Assert.Equal(RefusalCode.Denied, (await Levers.SetAsync(TestKeys.Owner(Supervisor), LeverKind.StopIntakeAll, "", "why", CancellationToken.None)).Result.Code);
        Assert.True(Levers.IsOff(Tool));
    }

    [Theory]
    [InlineData("""{"kind":"stop_intake_all"}""", "reason")]
    [InlineData("""{"kind":"stop_intake_all","reason":" "}""", null)]
    [InlineData("""{"kind":"nothing","reason":"why"}""", "kind")]
    [InlineData("""{"kind":"tool_off","reason":"why"}""", "target")]
    [InlineData("""{"kind":"tool_off","target":"no_such_tool","reason":"why"}""", "target")]
    [InlineData("""{"kind":"stop_intake_agent","target":"agt_none","reason":"why"}""", "target")]
    [InlineData("""{"kind":"stop_intake_all","target":"request_help","reason":"why"}""", "target")]
    public async Task Set_WhatCannotBe_IsA400ThatNamesTheField(string body, string? field)
    {
        using var admin = await ProgramAsync(Admin);

        using var response = await PostAsync(admin, body);

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
        if (field is not null)
        {
            Assert.Equal(field, (await RunApiTests.JsonAsync(response)).GetProperty("field").GetString());
        }

        Assert.Empty(Levers.Set);
    }

    [Fact]
    public async Task BulkStop_CountsWhatItStoppedAndWhatHadEnded()
    {
        var running = await StartRunAsync(Staff);
        var ended = await StartRunAsync(Staff);
        _host.Runs.Append(ended.RunId, "run.completed", "{}");
        var foreign = (await StartRunAsync(Staff)) with { TeamId = OtherTeam };
        var counted = new List<int>();

        var result = await _host.Services.GetRequiredService<BulkStop>().StopAsync(
            TestKeys.Owner(Supervisor), [running, ended, foreign], "wrong prices", done => Count(counted, done), CancellationToken.None);

        Assert.Equal(new BulkStopResult(Stopped: 1, Ended: 1, Failed: 1), result);
        Assert.Equal([1, 2, 3], counted.Order());
        var stop = Assert.IsType<Copilot.Domain.Runs.RunCommand.Stop>(_host.Runs.Commands.First());
        Assert.Equal("wrong prices", stop.Reason);
        Assert.Equal(Supervisor, stop.Actor.Id);
    }

    private static void Count(List<int> counted, BulkStopResult done)
    {
        lock (counted)
        {
            counted.Add(done.Count);
        }
    }

    private Task<LeverChange> SetAsync(LeverKind kind, string target) =>
        Levers.SetAsync(TestKeys.Owner(Admin), kind, target, "an incident", CancellationToken.None);

    private async Task<HttpClient> ProgramAsync(string userId) =>
        _host.Program((await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(userId, "test", CancellationToken.None)).Key);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string body) =>
        client.PostAsync("/api/levers", new StringContent(body, Encoding.UTF8, "application/json"));

    private static Task<HttpResponseMessage> StartAsync(HttpClient client) =>
        client.PostAsync("/api/runs", new StringContent("""{"input":"a"}""", Encoding.UTF8, "application/json"));
}
