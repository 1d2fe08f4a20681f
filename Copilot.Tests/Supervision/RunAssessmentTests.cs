using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Supervision;
using Copilot.Domain.Supervision.Rules;
using Copilot.Tests.Storage;

namespace Copilot.Tests.Supervision;

/// <summary>Where a run stands, and why, by table.</summary>
public sealed class RunAssessmentTests
{
    private static readonly DateTimeOffset s_now = FakeRun.Start.AddMinutes(10);
    private static readonly RunSummary s_working = new FakeRun("one").Summary with { Status = RunStatus.Running, StartedAt = FakeRun.Start, LastEventAt = s_now };
    private static readonly RunSummary s_waiting = s_working with { Status = RunStatus.Waiting };

    private static readonly Dictionary<string, (RunSummary Run, AttentionGroup Group, SignKind[] Signs)> s_cases = new()
    {
        ["queued"] = (s_working with { Status = RunStatus.Queued, LastEventAt = FakeRun.Start }, AttentionGroup.Queued, []),
        ["working"] = (s_working, AttentionGroup.Working, []),
        ["completed"] = (s_working with { Status = RunStatus.Completed }, AttentionGroup.JustEnded, []),
        ["failed with signs of before"] = (Vitals(vitals => vitals with { TroubledTool = "a" }) with { Status = RunStatus.Failed }, AttentionGroup.JustEnded, []),
        ["interrupted"] = (s_working with { Status = RunStatus.Interrupted, LastEventAt = FakeRun.Start }, AttentionGroup.NeedsPerson, [SignKind.Interrupted]),
        ["approval"] = (s_waiting with { PendingApprovals = [Approval] }, AttentionGroup.NeedsPerson, [SignKind.ApprovalWaiting]),
        ["approval of a run that was resumed"] = (s_working with { PendingApprovals = [Approval] }, AttentionGroup.Working, []),
        ["question"] = (s_waiting with { PendingQuestions = [new PendingQuestion("call_1", "Which?", [], true, s_now, TimeSpan.FromMinutes(30))] }, AttentionGroup.NeedsPerson, [SignKind.QuestionWaiting]),
        ["budget reached"] = (s_waiting with { Budget = new RunBudget(10, "EUR", OnBudget.Ask) { ReachedAt = s_now } }, AttentionGroup.NeedsPerson, [SignKind.BudgetReached]),
        ["waiting for something else"] = (s_waiting, AttentionGroup.NeedsPerson, [SignKind.Waiting]),
        ["outcome unknown"] = (Vitals(vitals => vitals with { UnknownCalls = 1, TroubledTool = "a" }), AttentionGroup.NeedsPerson, [SignKind.OutcomeUnknown]),
        ["outcome unknown, then looked after"] = (Vitals(vitals => vitals with { UnknownCalls = 1 }), AttentionGroup.Working, []),
        ["tool at 79 %"] = (Tool(spent: 79), AttentionGroup.Working, []),
        ["tool at 80 %"] = (Tool(spent: 80), AttentionGroup.InTrouble, [SignKind.ToolSlow]),
        ["tool over its deadline"] = (Tool(spent: 100), AttentionGroup.InTrouble, [SignKind.ToolOverdue]),
        ["tool without a deadline"] = (s_working with { ActiveTools = [new ActiveTool("c", "a", FakeRun.Start, TimeSpan.Zero)] }, AttentionGroup.Working, []),
        ["silent for 29 s"] = (s_working with { LastEventAt = s_now.AddSeconds(-29) }, AttentionGroup.Working, []),
        ["silent for 30 s"] = (s_working with { LastEventAt = s_now.AddSeconds(-30) }, AttentionGroup.InTrouble, [SignKind.Silent]),
        ["silent while a tool works"] = (Tool(spent: 50) with { LastEventAt = FakeRun.Start }, AttentionGroup.Working, []),
        ["silent because it is paused"] = (s_working with { LastEventAt = FakeRun.Start, Pause = Someone }, AttentionGroup.Working, []),
        ["silent because a person answers"] = (s_working with { LastEventAt = FakeRun.Start, TakeOver = Someone }, AttentionGroup.Working, []),
        ["retrying"] = (Vitals(vitals => vitals with { Retry = new ScheduledRetry(s_now, TimeSpan.FromSeconds(2), "too busy", 1) }), AttentionGroup.InTrouble, [SignKind.Retrying]),
        ["the same call twice"] = (Vitals(vitals => vitals with { Repeated = new RepeatedCall("a", "{}", 2) }), AttentionGroup.Working, []),
        ["the same call three times"] = (Vitals(vitals => vitals with { Repeated = new RepeatedCall("a", "{}", 3) }), AttentionGroup.InTrouble, [SignKind.RepeatedCall]),
        ["budget at 79 %"] = (Spent(79), AttentionGroup.Working, []),
        ["budget at 80 %"] = (Spent(80), AttentionGroup.InTrouble, [SignKind.BudgetNearlyUsed]),
        ["context at 79 %"] = (s_working with { ContextTokens = 790 }, AttentionGroup.Working, []),
        ["context at 80 %"] = (s_working with { ContextTokens = 800 }, AttentionGroup.InTrouble, [SignKind.ContextNearlyFull]),
        ["a rule that raises alerts fired"] = (Fired(RuleEffect.Alert), AttentionGroup.InTrouble, [SignKind.RuleFired]),
        ["a rule that pauses fired"] = (Fired(RuleEffect.Pause), AttentionGroup.Working, []),
        ["a rule fired in a run that has ended"] = (Fired(RuleEffect.Alert) with { Status = RunStatus.Completed }, AttentionGroup.JustEnded, [SignKind.RuleFired]),
        ["fell back"] = (s_working with { Transport = TransportKind.Http, TransportReason = "the socket failed" }, AttentionGroup.Working, [SignKind.FellBack]),
        ["on a socket again"] = (s_working with { Transport = TransportKind.WebSocket, TransportReason = "the socket failed" }, AttentionGroup.Working, []),
        ["a tool failed"] = (Vitals(vitals => vitals with { FailedCalls = 1, TroubledTool = "a" }), AttentionGroup.Working, [SignKind.ToolFailed]),
        ["two at once"] = (Tool(spent: 90) with { Vitals = RunVitals.None with { Repeated = new RepeatedCall("a", "{}", 4) } }, AttentionGroup.InTrouble, [SignKind.ToolSlow, SignKind.RepeatedCall]),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    private static PendingApproval Approval => new("call_1", "orders_place", "{}", null, s_now, TimeSpan.FromMinutes(30));

    private static Intervention Someone => new("supervisor.paused", null, FakeRun.Start, 5, null);

    private static SupervisionOptions Options => new();

    private static RunSummary Fired(RuleEffect effect) =>
        Vitals(vitals => vitals with { Rules = vitals.Rules.Add("rul_1", new RuleFiring("rul_1", 1, "Look", effect, s_now, 7, 2)) });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_Run_StandsWhereItBelongs(string name)
    {
        var (run, group, signs) = s_cases[name];

        var assessment = RunAssessment.Of(run, s_now, Options.For("Copilot") with { ContextTokens = 1000 });

        Assert.Equal(group, assessment.Group);
        Assert.Equal(signs, assessment.Signs.Select(sign => sign.Kind));
    }

    [Fact]
    public void Of_SomebodyWaitsForHelp_NeedsAPerson_AlsoWhileItWorks()
    {
        var assessment = RunAssessment.Of(s_working, s_now, Options.For("Copilot"), helpSince: FakeRun.Start);

        Assert.Equal(AttentionGroup.NeedsPerson, assessment.Group);
        Assert.Equal(new RunSign(SignKind.HelpRequested, FakeRun.Start), Assert.Single(assessment.Signs));
    }

    [Fact]
    public void NextChangeAt_ToolAtWork_IsEachThresholdInTurn()
    {
        var run = Tool(spent: 0);
        var slowAt = s_now.AddSeconds(80);

        var first = RunAssessment.Of(run, s_now, Options.For("Copilot"));
        var second = RunAssessment.Of(run, slowAt, Options.For("Copilot"), first);
        var third = RunAssessment.Of(run, s_now.AddSeconds(100), Options.For("Copilot"), second);

        Assert.Equal(slowAt, first.NextChangeAt);
        Assert.Equal(s_now.AddSeconds(100), second.NextChangeAt);
        Assert.Null(third.NextChangeAt);
    }

    [Fact]
    public void Signs_ThatNoEventDates_KeepTheirBeginning()
    {
        var first = RunAssessment.Of(Vitals(vitals => vitals with { Repeated = new RepeatedCall("a", "{}", 3) }), s_now, Options.For("Copilot"));
        var later = Vitals(vitals => vitals with { Repeated = new RepeatedCall("a", "{}", 4) }) with { LastEventAt = s_now.AddMinutes(1) };

        var second = RunAssessment.Of(later, s_now.AddMinutes(1), Options.For("Copilot"), first);

        Assert.Equal(s_now, Assert.Single(second.Signs).Since);
    }

    [Fact]
    public void For_AgentWithItsOwn_TakesTheOthersFromAll()
    {
        var options = Options;
        options.Agents["Planner"] = new AgentSupervisionOptions { Silence = TimeSpan.FromMinutes(5) };

        Assert.Equal(TimeSpan.FromMinutes(5), options.For("planner").Silence);
        Assert.Equal(0.8, options.For("planner").ToolShare);
        Assert.Equal(TimeSpan.FromSeconds(30), options.For("Copilot").Silence);
    }

    [Fact]
    public void Validate_AgentWithAWrongValue_NamesItsSetting()
    {
        var options = Options;
        options.Agents["Planner"] = new AgentSupervisionOptions { RepeatedCalls = 1 };

        var result = new SupervisionOptionsValidator().Validate("Supervision", options);

        Assert.Contains("Supervision:Agents:Planner:RepeatedCalls", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    private static RunSummary Vitals(Func<RunVitals, RunVitals> change) => s_working with { Vitals = change(RunVitals.None) };

    private static RunSummary Tool(int spent) => s_working with
    {
        ActiveTools = [new ActiveTool("call_1", "crm_find_customer", s_now.AddSeconds(-spent), TimeSpan.FromSeconds(100))],
    };

    private static RunSummary Spent(long micros) => s_working with
    {
        Budget = new RunBudget(100, "EUR", OnBudget.Ask),
        Cost = new RunCost { Micros = micros, Currency = "EUR", Priced = 1 },
    };

    [Fact]
    public void Of_SilenceThatARuleIsAbout_IsASignWhileItLastsAndCountsOnceMoreThanSoFar()
    {
        var rule = new RuleEvaluator(new SupervisionRule("rul_1", 1, "Silent", new() { Kind = RuleConditionKind.Silence, Seconds = 20 }, RuleEffect.Alert));
        var run = Fired(RuleEffect.Alert) with { LastEventAt = s_now.AddSeconds(-19), HeadSeq = 9 };
        var thresholds = Options.For("Copilot");

        var before = RunAssessment.Of(run, s_now, thresholds, rules: [rule]);
        var then = RunAssessment.Of(run, s_now.AddSeconds(1), thresholds, rules: [rule]);

        Assert.Equal(s_now.AddSeconds(1), before.NextChangeAt);
        Assert.Equal(2, Assert.Single(before.Signs).Count);
        var sign = Assert.Single(then.Signs);
        Assert.Equal(new RunSign(SignKind.RuleFired, run.LastEventAt) { Subject = "Silent", RuleId = "rul_1", Seq = 9, Count = 3 }, sign);
    }
}
