namespace Copilot.Domain.Timeline.Items;

/// <summary>What one response cost.</summary>
/// <param name="Micros">Micro-units; null where the model had no price.</param>
/// <param name="Currency">The currency, or null.</param>
public sealed record ResponseCost(long? Micros, string? Currency);
