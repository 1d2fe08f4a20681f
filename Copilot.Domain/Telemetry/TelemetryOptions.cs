namespace Copilot.Domain.Telemetry;

/// <summary>What spans may carry.</summary>
public sealed record TelemetryOptions
{
    /// <summary>
    /// True when spans carry what people, the model and tools say: messages, instructions, arguments and results. Without it they carry
    /// names, ids, counts and times alone.
    /// </summary>
    public bool CapturesContent { get; init; }
}
