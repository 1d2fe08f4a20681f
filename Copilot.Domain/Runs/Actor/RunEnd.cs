using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Actor;

/// <summary>How a run's work ends.</summary>
internal abstract record RunEnd
{
    public sealed record Completed(string? IncompleteReason) : RunEnd;

    public sealed record Failed(RunError Error) : RunEnd;

    public sealed record Cancelled(EventActor Actor, string? Reason, string? CommandId) : RunEnd
    {
        public static Cancelled By(RunCommand.Stop stop) => new(stop.Actor, stop.Reason, stop.CommandId);
    }

    public sealed record Interrupted(string Reason) : RunEnd;

    /// <summary>The log can be written no further: nothing is recorded any more.</summary>
    public sealed record Abandoned : RunEnd;
}
