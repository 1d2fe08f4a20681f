using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision.Rules;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Supervision.Rules;

/// <summary>At which moments of a run a rule fires, by table.</summary>
public sealed class RuleEvaluatorTests
{
    private static readonly Dictionary<string, (RuleCondition Condition, RuleEffect Effect, string[] At)> s_cases = new()
    {
        ["a tool"] = (new() { Kind = RuleConditionKind.ToolCalled, Tool = "orders_place" }, RuleEffect.Alert, ["call_1", "call_2"]),
        ["another tool"] = (new() { Kind = RuleConditionKind.ToolCalled, Tool = "orders" }, RuleEffect.Alert, []),
        ["a number above"] = (Argument("quantity", RuleComparison.Above, "500"), RuleEffect.Alert, ["call_2"]),
        ["a number not above itself"] = (Argument("quantity", RuleComparison.Above, "900"), RuleEffect.Alert, []),
        ["a number in a text"] = (Argument("weight", RuleComparison.Above, "7"), RuleEffect.Alert, ["call_1"]),
        ["a number that is equal"] = (Argument("quantity", RuleComparison.EqualTo, "2.0"), RuleEffect.Approval, ["call_1"]),
        ["a text that is equal"] = (Argument("part", RuleComparison.EqualTo, "PUMP"), RuleEffect.Alert, ["call_1", "call_2"]),
        ["words"] = (Argument("part", RuleComparison.Contains, "Ump"), RuleEffect.Alert, ["call_1", "call_2"]),
        ["any argument"] = (Argument(null, RuleComparison.Contains, "leeds"), RuleEffect.Alert, ["call_2"]),
        ["an argument inside"] = (Argument("to.city", RuleComparison.EqualTo, "Leeds"), RuleEffect.Alert, ["call_2"]),
        ["an argument that is not there"] = (Argument("city", RuleComparison.Contains, ""), RuleEffect.Alert, []),
        ["an expression over an argument"] = (Argument("part", RuleComparison.Matches, "^p.+p$"), RuleEffect.Alert, ["call_1", "call_2"]),
        ["an argument of another tool"] = (Argument("quantity", RuleComparison.Above, "1") with { Tool = "read" }, RuleEffect.Alert, []),
        ["free text is one argument"] = (Argument(null, RuleComparison.Contains, "drop table"), RuleEffect.Alert, ["call_3", "call_3b"]),
        ["words of the person"] = (Text(RuleSpeaker.Person, RuleComparison.Contains, "REFUND"), RuleEffect.Alert, ["steer.requested"]),
        ["words of the agent"] = (Text(RuleSpeaker.Agent, RuleComparison.Contains, "i will order"), RuleEffect.Alert, ["response.output_item.done"]),
        ["words of either"] = (Text(RuleSpeaker.Anybody, RuleComparison.Matches, "(order|refund)"), RuleEffect.Pause, ["user.message", "response.output_item.done", "steer.requested"]),
        ["words of a supervisor are nobody's"] = (Text(RuleSpeaker.Anybody, RuleComparison.Contains, "careful"), RuleEffect.Alert, []),
        ["a call after words of the person"] = (Text(RuleSpeaker.Person, RuleComparison.Contains, "refund"), RuleEffect.Approval, ["call_3", "call_3b"]),
        ["a call after words of the agent"] = (Text(RuleSpeaker.Agent, RuleComparison.Contains, "order"), RuleEffect.Approval, ["call_1", "call_2"]),
        ["cost, once"] = (new() { Kind = RuleConditionKind.Cost, Micros = 1_000_000 }, RuleEffect.Pause, ["cost.recorded"]),
        ["cost that is not reached"] = (new() { Kind = RuleConditionKind.Cost, Micros = 9_000_000 }, RuleEffect.Alert, []),
        ["a call that is too dear"] = (new() { Kind = RuleConditionKind.Cost, Micros = 1_000_000 }, RuleEffect.Approval, ["call_3", "call_3b"]),
        ["silence"] = (new() { Kind = RuleConditionKind.Silence, Seconds = 60 }, RuleEffect.Alert, ["response.created"]),
        ["silence that is too short"] = (new() { Kind = RuleConditionKind.Silence, Seconds = 91 }, RuleEffect.Alert, []),
        ["the same call twice"] = (new() { Kind = RuleConditionKind.Repetition, Times = 2 }, RuleEffect.Alert, ["call_3b"]),
        ["the same call three times"] = (new() { Kind = RuleConditionKind.Repetition, Times = 3 }, RuleEffect.Alert, []),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void At_EachMomentOfARun_FiresWhereItsConditionIsMet(string name)
    {
        var (condition, effect, expected) = s_cases[name];

        Assert.Equal(expected, Fired(new SupervisionRule("rul_1", 1, name, condition, effect), Log().Events));
    }

    [Theory]
    [InlineData("tem_1", null, true)]
    [InlineData("tem_2", null, false)]
    [InlineData(null, "Dispatcher", true)]
    [InlineData(null, "Somebody", false)]
    public void At_RunOfAnotherTeamOrAgent_DoesNotFire(string? team, string? agent, bool fires)
    {
        var rule = new SupervisionRule("rul_1", 1, "any", new() { Kind = RuleConditionKind.ToolCalled, Tool = "orders_place" }, RuleEffect.Alert) { TeamId = team, Agent = agent };

        Assert.Equal(fires, Fired(rule, Log().Events).Count > 0);
    }

    [Theory]
    [InlineData("web_search", null, null, "ws_1 ws_2")]
    [InlineData("web_search", "query", "leeds", "ws_1 ws_2")]
    [InlineData("code_interpreter", "code", "print", "ci_1")]
    [InlineData("file_search", "queries", "seal", "fs_1")]
    [InlineData("find", null, null, "mcp_1")]
    [InlineData("refund", "amount", "12", "mcpr_1")]
    [InlineData(null, null, null, "ws_1 ws_2 mcp_1 mcpr_1 ci_1 fs_1")]
    public void At_CallThatTheUpstreamRunsItself_FiresOnce(string? tool, string? argument, string? value, string expected)
    {
        var condition = argument is null
            ? new RuleCondition { Kind = RuleConditionKind.ToolCalled, Tool = tool }
            : Argument(argument, RuleComparison.Contains, value!) with { Tool = tool };
        foreach (var effect in new[] { RuleEffect.Alert, RuleEffect.Pause })
        {
            Assert.Equal(expected.Split(' '), CallsOf(new SupervisionRule("rul_1", 1, "hosted", condition, effect), HostedLog().Events));
        }

        // Nobody can be asked about what has been done; a server's request for approval is the exception.
        Assert.Equal(
            expected.Split(' ').Where(id => id == "mcpr_1"),
            CallsOf(new SupervisionRule("rul_1", 1, "hosted", condition, RuleEffect.Approval), HostedLog().Events));
    }

    [Fact]
    public void At_CallsWithoutAnId_AreToldApartByWhatTheyWereGiven()
    {
        var log = new RunLogBuilder().Begin("Find the seal kit").Send(1, "resp_1")
            .Item("done", 0, """{"type":"web_search_call","action":{"type":"search","query":"seal kit"}}""")
            .Frame("""{"type":"response.completed","response":{"id":"resp_1","status":"completed","model":"gpt-5.6","output":[{"type":"web_search_call","action":{"type":"search","query":"seal kit"}},{"type":"web_search_call","action":{"type":"search","query":"price list"}}]}}""")
            .End();
        var rule = new SupervisionRule("rul_1", 1, "prices", Argument("query", RuleComparison.Contains, "price") with { Tool = "web_search" }, RuleEffect.Alert);

        Assert.Equal(["response.completed"], Fired(rule, log.Events));
        Assert.Equal(["response.output_item.done"], Fired(rule with { Condition = Argument("query", RuleComparison.Contains, "seal") }, log.Events));
    }

    [Fact]
    public void At_SameSearchAgain_IsARepetition()
    {
        var rule = new SupervisionRule("rul_1", 1, "again", new() { Kind = RuleConditionKind.Repetition, Tool = "web_search", Times = 2 }, RuleEffect.Alert);

        Assert.Equal(["ws_2"], CallsOf(rule, HostedLog().Events));
    }

    [Fact]
    public void At_TimeInWhichTheRunWaitedOrWasInterrupted_IsNoSilence()
    {
        var log = new RunLogBuilder().Begin()
            .Own(RunEventTypes.RunWaiting, new { reason = "approval" }).Wait(TimeSpan.FromMinutes(5))
            .Own(RunEventTypes.RunResumed, new { reason = "approved" })
            .Own(RunEventTypes.SupervisorPaused, new { reason = "look" }).Wait(TimeSpan.FromMinutes(5))
            .Own(RunEventTypes.SupervisorResumed, new { reason = "go on" }).Wait(TimeSpan.FromMinutes(5))
            .Own(RunEventTypes.RunInterrupted, new { reason = "the server stopped" }).Wait(TimeSpan.FromMinutes(5))
            .Own(RunEventTypes.RunResumed, new { reason = "it is back" });

        Assert.Empty(Fired(new SupervisionRule("rul_1", 1, "silence", new() { Kind = RuleConditionKind.Silence, Seconds = 60 }, RuleEffect.Alert), log.Events));
    }

    [Fact]
    public void At_WhatMetIt_IsSaidInASentence()
    {
        var rule = new SupervisionRule("rul_1", 1, "orders", Argument("quantity", RuleComparison.Above, "500"), RuleEffect.Approval);
        RunSummary? summary = null;
        var said = new List<string>();
        foreach (var next in Log().Events)
        {
            var before = summary;
            summary = RunSummaryFold.Apply(before, next);
            if (RuleMoment.Of(before, summary, next) is { } moment && new RuleEvaluator(rule).At(moment, hasFired: false) is { IsMet: true } verdict)
            {
                said.Add(verdict.Because);
            }
        }

        Assert.Equal("quantity of orders_place is above 500.", Assert.Single(said));
    }

    [Fact]
    public void At_ExpressionTakesTooLong_CountsAsMetAndSaysSo()
    {
        var rule = new SupervisionRule("rul_1", 1, "slow", Text(RuleSpeaker.Person, RuleComparison.Matches, "a"), RuleEffect.Pause);
        var evaluator = new RuleEvaluator(rule, pattern => _ => throw new RegexMatchTimeoutException("text", pattern, RulePattern.TimeLimit));
        RunSummary? before = null;
        RuleVerdict? said = null;
        foreach (var next in new RunLogBuilder().Begin("Please order pumps").Events)
        {
            var after = RunSummaryFold.Apply(before, next);
            said ??= RuleMoment.Of(before, after, next) is { } moment ? evaluator.At(moment, hasFired: false) : null;
            before = after;
        }

        Assert.Equal(new RuleVerdict(IsMet: true, RuleSentences.Undecided) { IsUndecided = true }, said);
    }

    [Fact]
    public void Firing_AfterAnExpressionTookTooLong_StillSaysWhenUntilTheNextVersion()
    {
        var log = new RunLogBuilder().Begin("Order pumps")
            .Own(RunEventTypes.RuleFired, new { rule_id = "rul_1", revision = 1, effect = "alert", about = 2, undecided = true })
            .Own(RunEventTypes.RuleFired, new { rule_id = "rul_1", revision = 1, effect = "alert", about = 3 });

        var firing = log.Events.Aggregate((RunSummary?)null, RunSummaryFold.Apply)!.Vitals.Rules["rul_1"];
        Assert.Equal(2, firing.UndecidedAbout);
        Assert.NotNull(firing.UndecidedAt);

        log.Own(RunEventTypes.RuleFired, new { rule_id = "rul_1", revision = 2, effect = "alert", about = 4 });
        Assert.Null(log.Events.Aggregate((RunSummary?)null, RunSummaryFold.Apply)!.Vitals.Rules["rul_1"].UndecidedAt);
    }

    [Fact]
    public void SilentAt_RunThatWorks_IsWhenItHasBeenSilentLongEnough()
    {
        var rule = new RuleEvaluator(new SupervisionRule("rul_1", 1, "silence", new() { Kind = RuleConditionKind.Silence, Seconds = 60 }, RuleEffect.Alert));
        var run = new RunLogBuilder().Begin().Events.Aggregate((RunSummary?)null, RunSummaryFold.Apply)!;

        Assert.Equal(run.LastEventAt.AddSeconds(60), rule.SilentAt(run));
        Assert.Null(rule.SilentAt(run with { Status = RunStatus.Waiting }));
        Assert.Null(rule.SilentAt(run with { Pause = new("supervisor.paused", null, run.LastEventAt, 4, null) }));
    }

    [Theory]
    [InlineData(RuleConditionKind.ToolCalled, "tool")]
    [InlineData(RuleConditionKind.Argument, "value")]
    [InlineData(RuleConditionKind.Text, "value")]
    [InlineData(RuleConditionKind.Cost, "micros")]
    [InlineData(RuleConditionKind.Silence, "seconds")]
    [InlineData(RuleConditionKind.Repetition, "times")]
    public void Check_NothingIsWritten_NamesTheField(RuleConditionKind kind, string field) =>
        Assert.Equal(field, RuleCheck.Of(new RuleCondition { Kind = kind }, RuleEffect.Alert)?.Field);

    [Fact]
    public void Check_WhatCannotBe_IsRefused()
    {
        Assert.Equal("effect", RuleCheck.Of(new() { Kind = RuleConditionKind.Silence, Seconds = 60 }, RuleEffect.Approval)?.Field);
        Assert.Equal("comparison", RuleCheck.Of(Text(RuleSpeaker.Agent, RuleComparison.Above, "5"), RuleEffect.Alert)?.Field);
        Assert.Equal("value", RuleCheck.Of(Argument("a", RuleComparison.Above, "many"), RuleEffect.Alert)?.Field);
        Assert.Equal("value", RuleCheck.Of(Argument("a", RuleComparison.Matches, "("), RuleEffect.Alert)?.Field);
        Assert.Equal("times", RuleCheck.Of(new() { Kind = RuleConditionKind.Repetition, Times = 1 }, RuleEffect.Alert)?.Field);
        Assert.Equal("name", RuleCheck.OfName(" ")?.Field);
        Assert.Null(RuleCheck.Of(new() { Kind = RuleConditionKind.Silence, Seconds = 60 }, RuleEffect.Pause));
    }

    private static RuleCondition Argument(string? name, RuleComparison comparison, string value) =>
        new() { Kind = RuleConditionKind.Argument, Argument = name, Comparison = comparison, Value = value };

    private static RuleCondition Text(RuleSpeaker speaker, RuleComparison comparison, string value) =>
        new() { Kind = RuleConditionKind.Text, Speaker = speaker, Comparison = comparison, Value = value };

    /// <summary>The calls that it fires at.</summary>
    private static List<string?> CallsOf(SupervisionRule rule, IReadOnlyList<RunEvent> events)
    {
        var evaluator = new RuleEvaluator(rule);
        var calls = new List<string?>();
        RunSummary? summary = null;
        foreach (var next in events)
        {
            var before = summary;
            summary = RunSummaryFold.Apply(before, next);
            if (RuleMoment.Of(before, summary, next) is { } moment && evaluator.At(moment, calls.Count > 0) is { IsMet: true } verdict)
            {
                calls.Add(verdict.CallId);
            }
        }

        return calls;
    }

    /// <summary>Two searches, calls of an MCP server with and without approval, and what a sparse upstream tells of at the end alone.</summary>
    private static RunLogBuilder HostedLog() => new RunLogBuilder()
        .Begin("Find the seal kit")
        .Send(1, "resp_1")
        .Item("added", 0, """{"id":"ws_1","type":"web_search_call","status":"in_progress"}""")
        .Item("done", 0, """{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"seal kit Leeds"}}""")
        .Item("done", 1, """{"id":"ws_2","type":"web_search_call","status":"completed","action":{"type":"search","query":"seal kit Leeds"}}""")
        .Item("done", 2, """{"id":"mcp_1","type":"mcp_call","server_label":"crm","name":"find","arguments":"{\"part\":\"seal\"}","output":"none"}""")
        .Item("done", 3, """{"id":"mcpr_1","type":"mcp_approval_request","server_label":"crm","name":"refund","arguments":"{\"amount\":12}"}""")
        .Complete("resp_1")
        .Own(RunEventTypes.ApprovalRequested, new { kind = "mcp", name = "refund", arguments = """{"amount":12}""", server_label = "crm", timeout_ms = 60_000 }, "mcpr_1")
        .Own(RunEventTypes.ApprovalApproved, new { }, "mcpr_1", new EventActor("usr_1", "Staff"))
        .Send(1, "resp_2")
        .Item("done", 0, """{"id":"mcp_2","type":"mcp_call","server_label":"crm","name":"refund","arguments":"{\"amount\":12}","approval_request_id":"mcpr_1","output":"ok"}""")
        .Item("done", 1, """{"id":"ci_1","type":"code_interpreter_call","status":"completed","code":"print(6*7)","container_id":"cntr_1","outputs":[]}""")
        .Frame("""{"type":"response.completed","response":{"id":"resp_2","status":"completed","model":"gpt-5.6","output":[{"id":"mcp_2","type":"mcp_call","server_label":"crm","name":"refund","arguments":"{\"amount\":12}","approval_request_id":"mcpr_1","output":"ok"},{"id":"ci_1","type":"code_interpreter_call","status":"completed","code":"print(6*7)","container_id":"cntr_1","outputs":[]},{"id":"fs_1","type":"file_search_call","status":"completed","queries":["seal kit"]}]}}""")
        .End();

    /// <summary>Where it fires: the call's id, else the event's type.</summary>
    private static List<string> Fired(SupervisionRule rule, IReadOnlyList<RunEvent> events)
    {
        var evaluator = new RuleEvaluator(rule);
        var fired = new List<string>();
        RunSummary? summary = null;
        foreach (var next in events)
        {
            var before = summary;
            summary = RunSummaryFold.Apply(before, next);
            if (RuleMoment.Of(before, summary, next) is { } moment && evaluator.At(moment, fired.Count > 0).IsMet)
            {
                fired.Add(next.CallId ?? next.Type);
            }
        }

        return fired;
    }

    private static RunLogBuilder Log() => new RunLogBuilder()
        .Begin("Please order pumps")
        .Send(1, "resp_1")
        .Message(0, "msg_1", null, "I will ", "order ", "them.")
        .Complete("resp_1")
        .Tool("call_1", "orders_place", """{"part":"pump","quantity":2,"weight":"7.5"}""", "ok")
        .Tool("call_2", "orders_place", """{"part":"pump","quantity":900,"to":[{"city":"Leeds"}]}""", "ok")
        .Own(RunEventTypes.CostRecorded, new { of = "response", response_id = "resp_1", model = "m", currency = "EUR", amount_micros = 1_500_000 })
        .Own(RunEventTypes.CostRecorded, new { of = "response", response_id = "resp_1", model = "m", currency = "EUR", amount_micros = 1_500_000 })
        .Raw(EventSource.User, RunEventTypes.SteerRequested, Json(new { steer_id = "s1", text = "And the refund?" }), null, new EventActor("usr_1", "Staff"))
        .Raw(EventSource.Supervisor, RunEventTypes.SteerRequested, Json(new { steer_id = "s2", text = "Be careful" }), null, new EventActor("usr_2", "Supervisor"))
        .Own(RunEventTypes.AttemptSent, new { attempt = 2, mode = "full", input_items = 2, bytes = 1 })
        .Wait(TimeSpan.FromSeconds(90))
        .Frame("""{"type":"response.created","response":{"id":"resp_2","status":"in_progress","model":"gpt-5.6","output":[]}}""")
        .Complete("resp_2")
        .Tool("call_3", "sql", "DROP TABLE pumps", "no")
        .Tool("call_3b", "sql", "DROP TABLE pumps", "no")
        .End();

    private static byte[] Json(object data) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(data));
}
