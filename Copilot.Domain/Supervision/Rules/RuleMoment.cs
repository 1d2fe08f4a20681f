using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;

namespace Copilot.Domain.Supervision.Rules;

/// <summary>
/// A moment of a run that rules have something to say about: read from its events alone, so that a run that works and one that has ended
/// long ago give the same moments.
/// </summary>
public sealed record RuleMoment
{
    private static readonly TimeSpan s_shortestSilence = TimeSpan.FromSeconds(1);

    private RuleMoment(RunSummary run, RunEvent newest) => (Run, Seq, At) = (run, newest.Seq, newest.At);

    /// <summary>The run as it is at this moment.</summary>
    public RunSummary Run { get; }

    /// <summary>The number of the event that makes the moment.</summary>
    public long Seq { get; }

    /// <summary>When it was (UTC).</summary>
    public DateTimeOffset At { get; }

    /// <summary>The calls that are asked for now, or that the upstream reports now that it has made them itself.</summary>
    public IReadOnlyList<RuleCall> Calls { get; private init; } = [];

    /// <summary>What the agent had said of this answer before; null where it says nothing new now.</summary>
    public string? AgentTextBefore { get; private init; }

    /// <summary>Whether the person says something now.</summary>
    public bool PersonSpeaks { get; private init; }

    /// <summary>For how long nothing had happened while the run was at work; zero where it was not.</summary>
    public TimeSpan Silence { get; private init; }

    /// <summary>The moment that an event makes; null where no rule could have anything to say about it.</summary>
    /// <param name="before">The run before the event; null for its first.</param>
    /// <param name="after">The run with it.</param>
    /// <param name="newest">The event.</param>
    public static RuleMoment? Of(RunSummary? before, RunSummary after, RunEvent newest)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(newest);
        var silence = SilenceBefore(before, newest);
        var agentTextBefore = after.OutputText.Length > 0 && after.OutputText != before?.OutputText ? before?.OutputText ?? "" : null;
        var calls = newest.Upstream is { } upstream ? CallsOf(before, after, upstream) : CallsOf(after, newest);
        var personSpeaks = newest.Upstream is null
            && newest.Payload is UserMessage or SteerRequested or QuestionAnswered
            && (newest.Payload is not SteerRequested || newest.Source is EventSource.User);
        var costs = after.CostSoFar.Micros != (before?.CostSoFar.Micros ?? 0);
        return calls.Count == 0 && agentTextBefore is null && !personSpeaks && !costs && silence < s_shortestSilence
            ? null
            : new RuleMoment(after, newest) { Calls = calls, AgentTextBefore = agentTextBefore, PersonSpeaks = personSpeaks, Silence = silence };
    }

    private static IReadOnlyList<RuleCall> CallsOf(RunSummary after, RunEvent newest) => newest.Payload switch
    {
        ToolRequested { Name: { } tool } asked => [new RuleCall(newest.CallId ?? "", tool, asked.Arguments ?? "", after.Vitals.Repeated?.Count ?? 1)],
        ApprovalRequested { Kind: ApprovalKind.Mcp, Name: { } tool } asked => [new RuleCall(newest.CallId ?? "", tool, asked.Arguments ?? "", 1)],
        _ => [],
    };

    // A sparse upstream reports some calls only in its terminal response.
    private static IReadOnlyList<RuleCall> CallsOf(RunSummary? before, RunSummary after, ResponseEvent upstream) => upstream switch
    {
        OutputItemEvent { Done: true } done when HostedCall.Of(done.Item) is { } call => [Made(call, after.Vitals.Repeated?.Count ?? 1)],
        ResponseLifecycleEvent { IsTerminal: true, Response.Output: { Count: > 0 } output } =>
            [.. output.Select(HostedCall.Of).OfType<HostedCall>().Where(call => !IsKnown(before, call)).Select(call => Made(call, times: 1))],
        _ => [],
    };

    private static bool IsKnown(RunSummary? before, HostedCall call) =>
        before?.Output.Finished.Select(HostedCall.Of).Any(known => known is not null && ((known.Id == call.Id && call.Id.Length > 0) || known with { Id = call.Id } == call)) is true;

    private static RuleCall Made(HostedCall call, int times) => new(call.Id, call.Tool, call.Arguments, times) { IsMade = true };

    // A server that stands still is no silence of the run.
    private static TimeSpan SilenceBefore(RunSummary? before, RunEvent newest) =>
        before is { Status: RunStatus.Running, Pause: null, TakeOver: null }
        && (newest.Upstream is not null || newest.Payload is not (RunInterrupted or RunResumed))
            ? newest.At - before.LastEventAt
            : TimeSpan.Zero;
}
