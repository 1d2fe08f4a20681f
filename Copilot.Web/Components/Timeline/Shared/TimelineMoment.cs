namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>The moment at which a timeline of the past is shown. Times in it stand still there; without one they pass.</summary>
/// <param name="At">The moment (UTC).</param>
public sealed record TimelineMoment(DateTimeOffset At);
