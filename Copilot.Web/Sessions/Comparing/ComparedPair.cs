using Copilot.Domain.Replay.Compare;

namespace Copilot.Web.Sessions.Comparing;

/// <summary>Two runs that were read to be put side by side.</summary>
/// <param name="Phase">What came of it; the rest is there when it is <see cref="ComparePhase.Open"/>.</param>
internal sealed record ComparedPair(ComparePhase Phase)
{
    /// <summary>The first.</summary>
    public ComparedRun? A { get; init; }

    /// <summary>The second.</summary>
    public ComparedRun? B { get; init; }

    /// <summary>What they have in common and what not.</summary>
    public RunComparison? Comparison { get; init; }

    /// <summary>Whether connections and tokens are shown.</summary>
    public bool IsTechnical { get; init; }

    /// <summary>Cancelled when the permission for one of them ends.</summary>
    public CancellationTokenSource? Revoked { get; init; }
}
