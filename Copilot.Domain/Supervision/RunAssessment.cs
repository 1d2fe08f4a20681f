using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision.Rules;

namespace Copilot.Domain.Supervision;

/// <summary>How urgently a run needs a person, and why: pure, from its summary and the time.</summary>
public sealed record RunAssessment
{
    private RunAssessment(AttentionGroup group, IReadOnlyList<RunSign> signs, DateTimeOffset? nextChangeAt, int streamedLength) =>
        (Group, Signs, NextChangeAt, StreamedLength) = (group, signs, nextChangeAt, streamedLength);

    /// <summary>Where it stands.</summary>
    public AttentionGroup Group { get; }

    /// <summary>What tells so, the most urgent first.</summary>
    public IReadOnlyList<RunSign> Signs { get; }

    /// <summary>How urgent it is inside its group: more is more urgent. Changes only with the signs, never with the time alone.</summary>
    public int Risk => Signs.Count == 0 ? 0 : Signs[0].Kind.Risk() + Math.Min(9, Signs.Count - 1);

    /// <summary>When time alone makes another assessment of it (UTC); null where only an event can.</summary>
    public DateTimeOffset? NextChangeAt { get; }

    /// <summary>How many characters the text or the arguments under way have so far.</summary>
    public int StreamedLength { get; }

    /// <summary>Assesses a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="now">The time (UTC).</param>
    /// <param name="thresholds">What counts as a sign for its agent.</param>
    /// <param name="previous">The assessment before, for signs whose beginning no event tells: they keep theirs.</param>
    /// <param name="helpSince">Since when somebody waits for help in it (UTC); null where nobody does. No event tells that.</param>
    /// <param name="rules">The rules in force: they tell of a silence while it lasts. What else they have found is in the run's events.</param>
    public static RunAssessment Of(
        RunSummary run,
        DateTimeOffset now,
        SupervisionThresholds thresholds,
        RunAssessment? previous = null,
        DateTimeOffset? helpSince = null,
        IReadOnlyList<RuleEvaluator>? rules = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(thresholds);
        if (run.Status.IsTerminal())
        {
            // What a rule has found is told also where the run was over at once.
            return new(AttentionGroup.JustEnded, [.. Fired(run)], null, 0);
        }

        if (run.Status is RunStatus.Queued)
        {
            return new(AttentionGroup.Queued, [], null, 0);
        }

        var signs = new SignList(run, now, previous);
        if (helpSince is { } since)
        {
            signs.Add(SignKind.HelpRequested, since);
        }

        AddPeople(signs, run);
        AddRules(signs, run, rules ?? []);
        AddTools(signs, run, thresholds);
        AddModel(signs, run, thresholds);
        AddUse(signs, run, thresholds);
        return signs.Assess(run.Output.LatestLength);
    }

    private static void AddPeople(SignList signs, RunSummary run)
    {
        if (run.Status is RunStatus.Interrupted)
        {
            signs.Add(SignKind.Interrupted, run.LastEventAt);
            return;
        }

        foreach (var approval in run.Status is RunStatus.Waiting ? run.PendingApprovals : [])
        {
            signs.Add(new RunSign(SignKind.ApprovalWaiting, approval.RequestedAt) { Subject = approval.Name, CallId = approval.CallId, Limit = approval.Timeout });
        }

        foreach (var question in run.Status is RunStatus.Waiting ? run.PendingQuestions : [])
        {
            signs.Add(new RunSign(SignKind.QuestionWaiting, question.AskedAt) { CallId = question.CallId, Limit = question.Timeout });
        }

        if (run.Status is RunStatus.Waiting && run.Budget is { ReachedAt: { } reachedAt } budget)
        {
            signs.Add(new RunSign(SignKind.BudgetReached, reachedAt) { Limit = budget.Timeout });
        }

        // A call that succeeded since tells that somebody, or the model, has looked.
        if (run.Vitals is { UnknownCalls: > 0, TroubledTool: { } unknown })
        {
            signs.Add(new RunSign(SignKind.OutcomeUnknown, signs.Began(SignKind.OutcomeUnknown)) { Subject = unknown });
        }

        if (run.Status is RunStatus.Waiting && signs.IsWithoutReason)
        {
            signs.Add(SignKind.Waiting, run.LastEventAt);
        }
    }

    private static IEnumerable<RunSign> Fired(RunSummary run) => run.Vitals.Rules.Values
        .Where(firing => firing.Effect is RuleEffect.Alert)
        .OrderBy(firing => firing.At)
        .Select(firing => new RunSign(SignKind.RuleFired, firing.At) { Subject = firing.Name, RuleId = firing.RuleId, Seq = firing.About, Count = firing.Count });

    private static void AddRules(SignList signs, RunSummary run, IReadOnlyList<RuleEvaluator> rules)
    {
        var silent = rules
            .Where(evaluator => evaluator.Rule.Effect is RuleEffect.Alert && evaluator.SilentAt(run) is { } due && signs.IsPast(due))
            .ToDictionary(evaluator => evaluator.Rule.Id);
        foreach (var sign in Fired(run).Where(sign => !silent.ContainsKey(sign.RuleId!)))
        {
            signs.Add(sign);
        }

        foreach (var evaluator in silent.Values)
        {
            // The event that ends the silence will say the same, once more than so far.
            signs.Add(new RunSign(SignKind.RuleFired, run.LastEventAt)
            {
                Subject = evaluator.Rule.Name,
                RuleId = evaluator.Rule.Id,
                Seq = run.HeadSeq,
                Count = (run.Vitals.Rules.GetValueOrDefault(evaluator.Rule.Id)?.Count ?? 0) + 1,
            });
        }
    }

    private static void AddTools(SignList signs, RunSummary run, SupervisionThresholds thresholds)
    {
        foreach (var tool in run.ActiveTools.Where(tool => tool.Deadline > TimeSpan.Zero))
        {
            var sign = new RunSign(SignKind.ToolSlow, tool.StartedAt) { Subject = tool.Name, CallId = tool.CallId, Limit = tool.Deadline };
            if (signs.IsPast(tool.StartedAt + tool.Deadline))
            {
                signs.Add(sign with { Kind = SignKind.ToolOverdue });
            }
            else if (signs.IsPast(tool.StartedAt + (tool.Deadline * thresholds.ToolShare)))
            {
                signs.Add(sign);
            }
        }

        if (run.Vitals.Repeated is { } call && call.Count >= thresholds.RepeatedCalls)
        {
            signs.Add(new RunSign(SignKind.RepeatedCall, signs.Began(SignKind.RepeatedCall)) { Subject = call.Name, Count = call.Count });
        }

        if (run.Vitals is { UnknownCalls: 0, TroubledTool: { } troubled })
        {
            signs.Add(new RunSign(SignKind.ToolFailed, signs.Began(SignKind.ToolFailed)) { Subject = troubled });
        }
    }

    private static void AddModel(SignList signs, RunSummary run, SupervisionThresholds thresholds)
    {
        if (run.Vitals.Retry is { } retry)
        {
            signs.Add(new RunSign(SignKind.Retrying, retry.At) { Subject = retry.Reason, Count = retry.Count, Limit = retry.Delay });
        }
        else if (run is { Status: RunStatus.Running, ActiveTools.Count: 0, Pause: null, TakeOver: null } && signs.IsPast(run.LastEventAt + thresholds.Silence))
        {
            signs.Add(SignKind.Silent, run.LastEventAt);
        }

        if (run.Output.LatestLength >= thresholds.Characters)
        {
            signs.Add(SignKind.Growing, signs.Began(SignKind.Growing));
        }

        if (run is { Transport: TransportKind.Http, TransportReason: { } reason })
        {
            signs.Add(new RunSign(SignKind.FellBack, signs.Began(SignKind.FellBack)) { Subject = reason });
        }
    }

    private static void AddUse(SignList signs, RunSummary run, SupervisionThresholds thresholds)
    {
        if (run.Budget is { LimitMicros: > 0, ReachedAt: null } budget
            && (double)run.CostSoFar.Micros / budget.LimitMicros is var spent && spent >= thresholds.BudgetShare)
        {
            signs.Add(new RunSign(SignKind.BudgetNearlyUsed, signs.Began(SignKind.BudgetNearlyUsed)) { Share = spent });
        }

        if (thresholds.ContextTokens is { } size && run.ContextTokens is { } tokens
            && (double)tokens / size is var filled && filled >= thresholds.ContextShare)
        {
            signs.Add(new RunSign(SignKind.ContextNearlyFull, signs.Began(SignKind.ContextNearlyFull)) { Share = filled });
        }
    }

    /// <summary>Gathers signs, and when the next one is due.</summary>
    private sealed class SignList(RunSummary run, DateTimeOffset now, RunAssessment? previous)
    {
        private readonly List<RunSign> _signs = [];
        private DateTimeOffset? _nextChangeAt;

        /// <summary>Whether nothing says yet why the run waits.</summary>
        public bool IsWithoutReason => _signs.TrueForAll(sign => sign.Kind is SignKind.HelpRequested);

        public void Add(SignKind kind, DateTimeOffset since) => Add(new RunSign(kind, since));

        public void Add(RunSign sign) => _signs.Add(sign);

        /// <summary>When a sign was first seen that no event dates.</summary>
        public DateTimeOffset Began(SignKind kind) => previous?.Signs.FirstOrDefault(sign => sign.Kind == kind)?.Since ?? run.LastEventAt;

        /// <summary>Whether a time has come; one that is still to come is when the next assessment is due.</summary>
        public bool IsPast(DateTimeOffset due)
        {
            if (due <= now)
            {
                return true;
            }

            _nextChangeAt = _nextChangeAt < due ? _nextChangeAt : due;
            return false;
        }

        public RunAssessment Assess(int streamedLength)
        {
            RunSign[] signs = [.. _signs.OrderBy(sign => sign.Kind).ThenBy(sign => sign.Since)];
            var group = signs.Length == 0 ? AttentionGroup.Working : signs[0].Kind.Group() ?? AttentionGroup.Working;
            return new(group, signs, _nextChangeAt, streamedLength);
        }
    }
}
