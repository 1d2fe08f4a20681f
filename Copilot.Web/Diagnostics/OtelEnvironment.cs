using OpenTelemetry.Exporter;

namespace Copilot.Web.Diagnostics;

/// <summary>
/// What OpenTelemetry's standard variables say (<c>OTEL_…</c>). The SDK reads most of them itself; these are the ones that decide whether
/// it is there at all, and those for one signal that its exporter does not read.
/// </summary>
internal sealed class OtelEnvironment(IConfiguration configuration)
{
    /// <summary>The signal of spans, as it stands in names of variables.</summary>
    public const string Traces = "TRACES";

    /// <summary>The signal of metrics, as it stands in names of variables.</summary>
    public const string Metrics = "METRICS";

    private const string Otlp = "otlp";
    private const string None = "none";

    /// <summary>True when spans are to carry what people, the model and tools say.</summary>
    public bool CapturesContent =>
        Read("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")?.ToUpperInvariant() is "TRUE" or "SPAN_ONLY" or "SPAN_AND_EVENT";

    /// <summary>True when the environment names the service.</summary>
    public bool NamesService =>
        Read("OTEL_SERVICE_NAME") is not null
        || Read("OTEL_RESOURCE_ATTRIBUTES")?.Split(',').Any(pair => pair.Trim().StartsWith("service.name=", StringComparison.Ordinal)) is true;

    private bool IsDisabled => string.Equals(Read("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>True when a signal is to be exported: its exporter or an endpoint is named, and nothing turns it off.</summary>
    public bool Exports(string signal) => !IsDisabled && Read($"OTEL_{signal}_EXPORTER")?.ToLowerInvariant() switch
    {
        Otlp => true,
        null => Endpoint(signal) is not null,
        _ => false,
    };

    /// <summary>What the variables say that cannot be done, one sentence each.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (IsDisabled)
        {
            return problems;
        }

        foreach (var signal in (string[])[Traces, Metrics])
        {
            if (Read($"OTEL_{signal}_EXPORTER") is { } exporter && exporter.ToLowerInvariant() is not (Otlp or None))
            {
                problems.Add($"OTEL_{signal}_EXPORTER is '{exporter}'. Only otlp and none are there.");
            }
        }

        foreach (var name in Names("ENDPOINT"))
        {
            if (Read(name) is { } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                // What stands before an @ or behind a question mark may be a secret.
                var shown = endpoint.AsSpan().ContainsAny('@', '?', '=') ? "not an address" : $"'{endpoint}'";
                problems.Add($"{name} is {shown}. Set an address like http://127.0.0.1:4318.");
            }
        }

        foreach (var name in Names("PROTOCOL"))
        {
            if (Read(name) is { } protocol && ProtocolOf(protocol) is null)
            {
                problems.Add($"{name} is '{protocol}'. Only grpc and http/protobuf are there.");
            }
        }

        return [.. problems.Distinct()];
    }

    /// <summary>Gives an exporter what is said for its signal alone. What is said for all, it has read itself.</summary>
    public void Apply(string signal, OtlpExporterOptions exporter)
    {
        if (Read($"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL") is { } protocol)
        {
            exporter.Protocol = ProtocolOf(protocol) ?? exporter.Protocol;
        }

        if (Read($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { } endpoint)
        {
            exporter.Endpoint = new Uri(endpoint);
        }

        if (Read($"OTEL_EXPORTER_OTLP_{signal}_HEADERS") is { } headers)
        {
            exporter.Headers = headers;
        }

        if (int.TryParse(Read($"OTEL_EXPORTER_OTLP_{signal}_TIMEOUT"), out var timeout))
        {
            exporter.TimeoutMilliseconds = timeout;
        }
    }

    private static IEnumerable<string> Names(string what) =>
        [$"OTEL_EXPORTER_OTLP_{what}", $"OTEL_EXPORTER_OTLP_{Traces}_{what}", $"OTEL_EXPORTER_OTLP_{Metrics}_{what}"];

    private static OtlpExportProtocol? ProtocolOf(string protocol) => protocol.ToLowerInvariant() switch
    {
        "grpc" => OtlpExportProtocol.Grpc,
        "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        _ => null,
    };

    private string? Endpoint(string signal) => Read($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") ?? Read("OTEL_EXPORTER_OTLP_ENDPOINT");

    private string? Read(string name) => configuration[name]?.Trim() is { Length: > 0 } value ? value : null;
}
