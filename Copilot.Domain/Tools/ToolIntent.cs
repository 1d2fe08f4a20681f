namespace Copilot.Domain.Tools;

/// <summary>What one call would do, as a person reads it who decides about it. It comes from the tool, not from the model.</summary>
/// <param name="Sentence">For example <c>Order 2 × Cooling pump 25-60 for 378.00 GBP</c>: what happens, to what, and what it costs.</param>
public sealed record ToolIntent(string Sentence)
{
    /// <summary>Why the tool would refuse the call as it stands; null when nothing is known against it.</summary>
    public string? Problem { get; init; }
}
