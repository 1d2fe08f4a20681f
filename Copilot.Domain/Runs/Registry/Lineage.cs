using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Registry;

/// <summary>Where a new run continues its conversation.</summary>
internal static class Lineage
{
    /// <summary>The run that it follows, and up to which seq; nulls for the first of a conversation.</summary>
    /// <param name="parent">What was asked for.</param>
    /// <param name="session">The session's runs, oldest first.</param>
    /// <param name="ahead">The end of the session's queue, or null.</param>
    /// <exception cref="ArgumentException">The run that was named is not in the session.</exception>
    public static (string? RunId, long? Seq) ParentOf(RunParent parent, IReadOnlyList<RunHead> session, RunHead? ahead)
    {
        if (parent is RunParent.SameAs same)
        {
            var sibling = session.FirstOrDefault(run => run.RunId == same.RunId)
                ?? throw new ArgumentException("The message to repeat is not in this session.", nameof(parent));
            return (sibling.ParentRunId, sibling.ParentSeq);
        }

        if (parent is RunParent.Step step)
        {
            var cut = session.FirstOrDefault(run => run.RunId == step.RunId)
                ?? throw new ArgumentException("The run to continue is not in this session.", nameof(parent));

            // Without its last event a run that was stopped has no partial answer.
            return (cut.RunId, cut.Status is RunStatus.Cancelled ? cut.HeadSeq - 1 : cut.HeadSeq);
        }

        if (parent is RunParent.Fork fork)
        {
            return (fork.Of.HistoryRunId, fork.Of.HistorySeq);
        }

        var previous = ahead ?? parent switch
        {
            RunParent.After after => session.FirstOrDefault(run => run.RunId == after.RunId)
                ?? throw new ArgumentException("The message to continue from is not in this session.", nameof(parent)),
            _ => session.Count > 0 ? session[^1] : null,
        };

        // A run that still works counts as a whole once it has ended; one that has ended counts up to where it is now.
        return previous is null ? (null, null) : (previous.RunId, previous.Status.IsSettled() ? previous.HeadSeq : null);
    }
}
