using Copilot.Demo.Upstream.Faults;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
namespace Copilot.Tests.Soak;

/// <summary>Which ends the failure table allows a run of the soak.</summary>
internal static class SoakEnds
{
    /// <summary>What only a person can change ends a run, by whatever way it went.</summary>
    private static readonly HashSet<string> s_final =
    [
        "usage_limit_reached", "insufficient_quota", "usage_not_included", "context_length_exceeded", "invalid_prompt", "cyber_policy",
        "invalid_api_key", "error_detail", "http_401", "http_403_html",
    ];

    /// <summary>What is not the protocol is forgiven once for a response, not twice.</summary>
    private static readonly HashSet<string> s_garbage = ["bad_json", "binary", "http_200_html"];

    /// <param name="plan">What the run was to meet.</param>
    /// <param name="log">Its events.</param>
    /// <param name="stopped">Whether its person stopped it.</param>
    /// <param name="upgradesFailed">Whether the upstream was told to refuse sockets, which any run may have met.</param>
    /// <param name="socketsOnly">Whether the run had, for some of its life, no HTTP to turn to.</param>
    public static bool Allows(SoakPlan plan, IReadOnlyList<RunEvent> log, bool stopped, bool upgradesFailed, bool socketsOnly) => log[^1].Type switch
    {
        RunEventTypes.RunCancelled => stopped,
        RunEventTypes.RunCompleted => stopped || !MustFail(plan, log),
        RunEventTypes.RunFailed => MayFail(plan, socketsOnly) || (upgradesFailed && IsRefusedUpgrade(log[^1], socketsOnly)),
        _ => false,
    };

    /// <summary>
    /// The fault strikes by whatever transport, enough requests are made to meet it, and no attempt was given up on the way: it may
    /// have been the one that the fault was used up on.
    /// </summary>
    private static bool MustFail(SoakPlan plan, IReadOnlyList<RunEvent> log) =>
        !log.Any(e => e.Type is RunEventTypes.AttemptRetryScheduled or RunEventTypes.RunInterrupted)
        && plan.Fault is { Place: DemoFaultStage.Response } fault && s_final.Contains(fault.Name) && plan.ToolRounds >= plan.FaultSkip;

    private static bool MayFail(SoakPlan plan, bool socketsOnly) =>
        plan.Fault is { } fault
        && (s_final.Contains(fault.Name)
            || (fault.Name == "close_1009" && socketsOnly)
            || (s_garbage.Contains(fault.Name) && plan.FaultTimes > 1));

    /// <summary>
    /// A fault of the upgrade is met by whichever run opens the next socket. A refused key is final; other refusals are where there is
    /// no HTTP to turn to.
    /// </summary>
    private static bool IsRefusedUpgrade(RunEvent end, bool socketsOnly) =>
        end.Text("code") == "upstream_refused"
        && (socketsOnly || end.Text("message")!.Contains("401", StringComparison.Ordinal));
}
