namespace Copilot.Domain.Replay.Compare;

/// <summary>Two steps that stand beside each other, or one that the other run does not have.</summary>
/// <param name="A">The step of the first run, or null.</param>
/// <param name="B">The step of the second, or null.</param>
public sealed record StepPair(RunStep? A, RunStep? B)
{
    /// <summary>Their calls beside each other; those of a step that stands alone, alone.</summary>
    public IReadOnlyList<CallPair> Calls { get; init; } = [];

    /// <summary>True for a step that only one run has carried out, and the other, its fork, has taken from its log.</summary>
    public bool IsTaken { get; init; }

    /// <summary>True when both are there and say and do the same. What they took may differ.</summary>
    public bool IsSame => A is not null && B is not null && A.Text == B.Text && Calls.All(call => call.IsSame);
}
