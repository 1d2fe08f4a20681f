using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Summaries.Supervision;

/// <summary>Folds <c>supervisor.*</c> into a summary: whether the run is paused, who has taken it over, and who did something last.</summary>
internal static class InterventionFold
{
    /// <summary>The summary after one of these events.</summary>
    public static RunSummary Apply(RunSummary summary, RunEvent runEvent, SupervisorAction action)
    {
        var latest = new Intervention(runEvent.Type, runEvent.Actor, runEvent.At, runEvent.Seq, action.Reason);
        summary = summary with { LatestIntervention = latest };
        return action switch
        {
            SupervisorPaused => summary with { Pause = latest },
            SupervisorResumed => summary with { Pause = null },
            SupervisorTookOver => summary with { TakeOver = latest },
            SupervisorHandedBack => summary with { TakeOver = null },
            _ => summary,
        };
    }
}
