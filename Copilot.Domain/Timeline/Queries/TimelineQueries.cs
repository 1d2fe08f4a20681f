using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Queries;

/// <summary>What pages ask of a timeline; nothing of it is stored in the state.</summary>
public static class TimelineQueries
{
    extension(TimelineState state)
    {
        /// <summary>What the run does now.</summary>
        public TimelineActivity Activity => TimelineActivity.Of(state);

        /// <summary>What waits for a person now, oldest first.</summary>
        public IReadOnlyList<WaitingApproval> Approvals => Waiting(state);

        /// <summary>What the agent asks a person now, oldest first.</summary>
        public IReadOnlyList<WaitingQuestion> Questions => state.Status is not RunStatus.Waiting
            ? []
            : [.. state.Items.Skip(Math.Max(0, state.Index.Attempt)).OfType<ToolCallItem>().Select(WaitingQuestion.Of).OfType<WaitingQuestion>()];
    }

    private static List<WaitingApproval> Waiting(TimelineState state)
    {
        var waiting = new List<WaitingApproval>();
        if (state.Status is not RunStatus.Waiting)
        {
            return waiting;
        }

        for (var index = Math.Max(0, state.Index.Attempt); index < state.Items.Count; index++)
        {
            var asked = state.Items[index] switch
            {
                ToolCallItem call => WaitingApproval.Of(call),
                HostedToolItem request => WaitingApproval.Of(request),
                _ => null,
            };
            if (asked is not null)
            {
                waiting.Add(asked);
            }
        }

        return waiting;
    }
}
