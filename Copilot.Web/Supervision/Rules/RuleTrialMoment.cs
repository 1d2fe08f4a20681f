namespace Copilot.Web.Supervision.Rules;

/// <summary>A moment of the past at which a rule would have fired.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Seq">The number of its event.</param>
/// <param name="At">When it was (UTC).</param>
/// <param name="Person">Name of whose run it was.</param>
/// <param name="Asked">What they had asked.</param>
/// <param name="Because">What would have met the condition, as a sentence.</param>
public sealed record RuleTrialMoment(string RunId, long Seq, DateTimeOffset At, string Person, string Asked, string Because)
{
    /// <summary>Whose run it was.</summary>
    public required string OwnerId { get; init; }
}
