using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Queries;

/// <summary>What a run has done so far, in numbers: what no longer counts (superseded) is left out.</summary>
/// <param name="Steps">Thoughts, tools and answers that have begun.</param>
/// <param name="Tools">Calls of tools, ours and the upstream's own.</param>
/// <param name="Failed">Calls that failed, timed out, or whose outcome nobody knows.</param>
/// <param name="NotApproved">Calls that a person denied, or that nobody approved in time.</param>
/// <param name="Declined">True when the model answered with nothing but a refusal.</param>
public sealed record TimelineSteps(int Steps, int Tools, int Failed, int NotApproved, bool Declined)
{
    /// <summary>True when something did not go well although the run may have.</summary>
    public bool HasTrouble => Failed > 0 || NotApproved > 0 || Declined;

    /// <summary>Counts them.</summary>
    public static TimelineSteps Of(TimelineState state)
    {
        var (steps, tools, failed, notApproved) = (0, 0, 0, 0);
        foreach (var item in state.Items)
        {
            switch (item)
            {
                case { Superseded: not null }:
                    break;
                case ToolCallItem call:
                    steps++;
                    tools++;
                    failed += call.State is ToolCallState.Failed or ToolCallState.TimedOut or ToolCallState.OutcomeUnknown ? 1 : 0;
                    notApproved += call.State is ToolCallState.Denied ? 1 : 0;
                    break;
                case HostedToolItem hosted when IsCall(hosted):
                    steps++;
                    tools++;
                    failed += hosted.HasFailed ? 1 : 0;
                    break;
                case ReasoningItem { IsEmpty: false } or AnswerItem:
                    steps++;
                    break;
            }
        }

        return new TimelineSteps(steps, tools, failed, notApproved, Refuses(state));
    }

    /// <summary>True for what the upstream does for the answer; listing tools, asking and shortening are none of it.</summary>
    public static bool IsCall(HostedToolItem item) => item.ItemType is not ("mcp_list_tools" or McpApprovalRequest.ItemType or "compaction")
        && !item.ItemType.EndsWith("_output", StringComparison.Ordinal);

    private static bool Refuses(TimelineState state)
    {
        var parts = state.Answers.SelectMany(answer => answer.Parts).Where(part => part.Text.Length > 0).ToArray();
        return parts.Length > 0 && parts.All(part => part.Kind is TextPartKind.Refusal);
    }
}
