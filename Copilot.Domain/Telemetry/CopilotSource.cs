using System.Diagnostics;

namespace Copilot.Domain.Telemetry;

/// <summary>Where the spans of the product come from. Who exports them listens to this name; nobody listening costs one comparison.</summary>
public static class CopilotSource
{
    /// <summary>The name of the spans' source and of the metrics' meter.</summary>
    public const string Name = "Copilot";

    /// <summary>The conventions that names of spans, attributes and metrics follow.</summary>
    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.41.0";

    /// <summary>The source.</summary>
    internal static ActivitySource Spans { get; } = new(new ActivitySourceOptions(Name) { TelemetrySchemaUrl = SchemaUrl });
}
