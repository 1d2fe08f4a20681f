namespace Copilot.Domain.Runs.Events;

/// <summary>Whose a run or session is.</summary>
/// <param name="UserId">The person.</param>
/// <param name="TeamId">The team it was made in.</param>
public sealed record RunOwner(string UserId, string TeamId);
