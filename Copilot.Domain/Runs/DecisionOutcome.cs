using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs;

/// <summary>How a decision about a call was taken. What it does is seen as events.</summary>
public abstract record DecisionOutcome
{
    private DecisionOutcome()
    {
    }

    /// <summary>The decision is committed and the run goes by it.</summary>
    public sealed record Accepted : DecisionOutcome;

    /// <summary>There is no such run, or the run was never asked about this call.</summary>
    public sealed record NotFound : DecisionOutcome;

    /// <summary>Somebody decided before, or the time was over: <paramref name="Decision"/> stands.</summary>
    public sealed record AlreadyDecided(ApprovalDecision Decision) : DecisionOutcome;

    /// <summary>The call does not wait for a person now: the run rests, or has moved on.</summary>
    public sealed record NotWaiting : DecisionOutcome;

    /// <summary>The arguments cannot be used; the call still waits. One sentence for each error.</summary>
    public sealed record InvalidArguments(IReadOnlyList<string> Errors) : DecisionOutcome;
}
