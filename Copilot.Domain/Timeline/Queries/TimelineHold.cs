using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Queries;

/// <summary>Who holds a run, as its timeline tells.</summary>
public static class TimelineHold
{
    extension(TimelineState state)
    {
        /// <summary>Who answers in the agent's place now, or null.</summary>
        public InterventionItem? TakenOver => Last(state, InterventionKind.TookOver, InterventionKind.HandedBack);

        /// <summary>Who has paused the run, while it is paused; else null.</summary>
        public InterventionItem? Paused => Last(state, InterventionKind.Paused, InterventionKind.Resumed);

        /// <summary>What holds the run now: a person who answers, else a pause; null while nothing does.</summary>
        public InterventionItem? Hold => state.TakenOver ?? state.Paused;
    }

    private static InterventionItem? Last(TimelineState state, InterventionKind begins, InterventionKind ends)
    {
        if (state.Status.IsTerminal())
        {
            return null;
        }

        var item = (InterventionItem?)state.Items.FindLast(one => one is InterventionItem done && (done.Kind == begins || done.Kind == ends));
        return item?.Kind == begins ? item : null;
    }
}
