using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>The people of a timeline: whose names have to be known before it is drawn.</summary>
internal static class TimelineActors
{
    /// <summary>Who said, decided or did what an item shows; null where nobody did.</summary>
    public static EventActor? Of(TimelineItem item) => item switch
    {
        UserMessageItem message => message.Actor,
        ToolCallItem call => call.Approval.Current?.Actor ?? call.Question.Current?.Actor,
        HostedToolItem call => call.Approval.Current?.Actor,
        SteerItem steer => steer.Actor,
        BudgetItem budget => budget.Actor,
        EndItem end => end.Actor,
        StatusItem status => status.Actor,
        InterventionItem done => done.Actor,
        _ => null,
    };
}
