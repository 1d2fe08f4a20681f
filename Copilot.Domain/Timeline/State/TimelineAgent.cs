namespace Copilot.Domain.Timeline.State;

/// <summary>Who answers.</summary>
/// <param name="Name">The agent's name as it was at the start.</param>
/// <param name="Model">The model asked for, or null.</param>
public sealed record TimelineAgent(string Name, string? Model);
