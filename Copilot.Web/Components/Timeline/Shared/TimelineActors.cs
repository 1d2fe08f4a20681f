using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Sessions;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>The people of a timeline: whose names have to be known before it is drawn.</summary>
internal static class TimelineActors
{
    /// <summary>Learns the names of the people of a timeline that are not known yet.</summary>
    /// <param name="state">The timeline.</param>
    /// <param name="names">Where they are learnt.</param>
    /// <param name="people">Who knows them.</param>
    public static async Task LearnAsync(TimelineState state, TimelineNames names, PersonNames people)
    {
        foreach (var actor in state.Items.Select(Of).OfType<EventActor>().Where(names.IsUnknown).Distinct())
        {
            names.Know(actor, await people.FindAsync(actor.Id, CancellationToken.None));
        }
    }

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
