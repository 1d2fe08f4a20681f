namespace Copilot.Domain.Replay.Compare;

/// <summary>Two calls that stand beside each other, or one that the other step does not have.</summary>
/// <param name="A">The call of the first run, or null.</param>
/// <param name="B">The call of the second, or null.</param>
public sealed record CallPair(StepCall? A, StepCall? B)
{
    /// <summary>True when both are there, with the same arguments, result and outcome.</summary>
    public bool IsSame => A is not null && B is not null && A.Arguments == B.Arguments && A.Result == B.Result && A.State == B.State;
}
