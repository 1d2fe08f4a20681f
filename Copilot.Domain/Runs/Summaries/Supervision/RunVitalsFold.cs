using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Summaries.Supervision;

/// <summary>Folds events into <see cref="RunVitals"/>. Pieces of an answer change nothing here.</summary>
internal static class RunVitalsFold
{
    /// <summary>The vitals after one more event.</summary>
    public static RunVitals Apply(RunVitals vitals, RunEvent runEvent) => runEvent.Payload switch
    {
        null => ApplyUpstream(vitals, runEvent.Upstream),
        AttemptSent => vitals with { RequestSentAt = runEvent.At },
        AttemptSuperseded => vitals with { RequestSentAt = null },
        AttemptRetryScheduled retry => vitals with
        {
            RequestSentAt = null,
            Retry = new ScheduledRetry(runEvent.At, retry.Delay ?? TimeSpan.Zero, retry.Reason, (vitals.Retry?.Count ?? 0) + 1),
        },
        ToolRequested { Name: { } name } call => vitals with { Repeated = Repeat(vitals.Repeated, name, call.Arguments ?? "") },
        ToolCompleted => vitals with { TroubledTool = null },
        ToolDenied denied => vitals with { DeniedCalls = vitals.DeniedCalls + 1, TroubledTool = denied.Name },
        ToolFailed or ToolTimedOut => vitals with { FailedCalls = vitals.FailedCalls + 1, TroubledTool = ((ToolEnded)runEvent.Payload).Name },
        ToolOutcomeUnknown unknown => vitals with { UnknownCalls = vitals.UnknownCalls + 1, TroubledTool = unknown.Name },
        UserMessage message => vitals with { PersonText = message.Text ?? "" },
        SteerRequested said when runEvent.Source is EventSource.User => vitals with { PersonText = said.Text ?? "" },
        QuestionAnswered answer => vitals with { PersonText = answer.Text ?? "" },
        RuleFired { RuleId: { } rule } fired => vitals with { Rules = vitals.Rules.SetItem(rule, RuleFiring.Of(runEvent, fired, vitals.Rules.GetValueOrDefault(rule))) },
        RunInterrupted or RunEnded => vitals with { RequestSentAt = null, Retry = null },
        _ => vitals,
    };

    private static RunVitals ApplyUpstream(RunVitals vitals, ResponseEvent? upstream) => upstream switch
    {
        ResponseLifecycleEvent { IsTerminal: false } when vitals.Retry is not null => vitals with { Retry = null },
        { IsTerminal: true } => vitals with { RequestSentAt = null },
        OutputItemEvent { Done: true } done when HostedCall.Of(done.Item) is { } call => vitals with { Repeated = Repeat(vitals.Repeated, call.Tool, call.Arguments) },
        _ => vitals,
    };

    private static RepeatedCall Repeat(RepeatedCall? before, string name, string arguments) =>
        before is not null && before.Name == name && before.Arguments == arguments
            ? before with { Count = before.Count + 1 }
            : new RepeatedCall(name, arguments, 1);
}
