using System.Diagnostics;

namespace Copilot.Domain.Telemetry;

/// <summary>The W3C header <c>traceparent</c>: which trace something belongs to, below which span.</summary>
public static class TraceParent
{
    /// <summary>Its name.</summary>
    public const string Header = "traceparent";

    // Longer ones are of a future version, which may add fields behind these.
    private const int MaxLength = 256;

    /// <summary>What it says; null where it is missing or not one.</summary>
    public static ActivityContext? Read(string? header) =>
        header is { Length: <= MaxLength } && ActivityContext.TryParse(header, traceState: null, isRemote: true, out var context) ? context : null;

    /// <summary>The trace id in it, 32 hexadecimal digits; null where it is missing or not one.</summary>
    public static string? TraceIdOf(string? header) => Read(header)?.TraceId.ToHexString();

    /// <summary>The header of what is sent now; null outside any trace.</summary>
    internal static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : null;
}
