namespace Copilot.Web.Supervision;

/// <summary>Somebody takes care of a run.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Name">The name shown to others.</param>
/// <param name="At">Since when (UTC).</param>
public sealed record RunClaim(string UserId, string Name, DateTimeOffset At);
