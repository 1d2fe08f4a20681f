namespace Copilot.Web.Supervision.Incident;

/// <summary>The wire names of levers.</summary>
internal static class LeverKinds
{
    /// <summary>As the table and the HTTP API name it.</summary>
    public static string ToWire(this LeverKind kind) => kind switch
    {
        LeverKind.StopIntakeAll => "stop_intake_all",
        LeverKind.StopIntakeAgent => "stop_intake_agent",
        _ => "tool_off",
    };

    /// <summary>The kind of a wire name, or null.</summary>
    public static LeverKind? Parse(string? wire) => wire switch
    {
        "stop_intake_all" => LeverKind.StopIntakeAll,
        "stop_intake_agent" => LeverKind.StopIntakeAgent,
        "tool_off" => LeverKind.ToolOff,
        _ => null,
    };
}
