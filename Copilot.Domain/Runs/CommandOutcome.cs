using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Tools;

namespace Copilot.Domain.Runs;

/// <summary>How a command was taken. What it does is seen as events.</summary>
public abstract record CommandOutcome
{
    private CommandOutcome()
    {
    }

    /// <summary>The run carries it out. A decision and words are committed by then.</summary>
    public sealed record Accepted : CommandOutcome;

    /// <summary>There is no such run, or it was never asked about this call.</summary>
    public sealed record NotFound : CommandOutcome;

    /// <summary>The run is not in a state in which this can be done (for example: it has ended, or the call does not wait for a person now).</summary>
    public sealed record NotPossible : CommandOutcome;

    /// <summary>An interrupted run cannot be resumed now, because too many work; try again later.</summary>
    public sealed record TooMany(string Message, TimeSpan RetryAfter, string Code) : CommandOutcome;

    /// <summary>Somebody decided before, or the time was over: <paramref name="Decision"/> stands.</summary>
    public sealed record AlreadyDecided(ApprovalDecision Decision) : CommandOutcome;

    /// <summary>Somebody else was first: <paramref name="First"/> is what they did, and this changes nothing.</summary>
    public sealed record Superseded(Intervention First) : CommandOutcome;

    /// <summary>Only for who did <paramref name="Standing"/>, or an admin.</summary>
    public sealed record NotTheirs(Intervention Standing) : CommandOutcome;

    /// <summary>The call still waits: who asked for it may not approve it, somebody else must.</summary>
    public sealed record OtherMustApprove : CommandOutcome;

    /// <summary>The arguments cannot be used; the call still waits. One sentence for each error.</summary>
    public sealed record InvalidArguments(IReadOnlyList<ToolArgumentError> Errors) : CommandOutcome;
}
