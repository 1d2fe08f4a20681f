namespace Copilot.Domain.Responses;

/// <summary>Which transport a run may use.</summary>
public enum TransportChoice
{
    /// <summary>WebSocket, and HTTP where the socket cannot be opened.</summary>
    Auto,

    /// <summary>WebSocket only.</summary>
    WebSocket,

    /// <summary>HTTP only.</summary>
    Http,
}

/// <summary>The upstream: any server of the Responses API. Bound from <c>Upstream</c>.</summary>
public sealed class UpstreamOptions
{
    /// <summary>Base address, to which <c>/responses</c> is added; query parameters are kept. Default: the demo upstream in demo mode, else none.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Bearer key. Default: <c>OPENAI_API_KEY</c>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Model of an agent that names none.</summary>
    public string Model { get; set; } = "gpt-5.6";

    /// <summary>Which transport to use. <c>Auto</c> trades a first refused upgrade for the faster socket.</summary>
    public TransportChoice Transport { get; set; } = TransportChoice.Auto;

    /// <summary>Whether the upstream may keep responses. Off: nothing to forget there, and reasoning travels encrypted.</summary>
    public bool Store { get; set; }

    /// <summary>How long a connect may take before it counts as failed. Shorter falls back to HTTP sooner.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the first event of a response may take. Any event stops this clock; later silence is legitimate.</summary>
    public TimeSpan FirstEventTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Interval between pings on an idle socket. Shorter survives stricter proxies and costs traffic.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a pong may take before the socket counts as dead.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest event accepted, in bytes.</summary>
    public int MaxEventBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Largest WebSocket request, in bytes; the upstream closes with 1009 above about 16 MiB.</summary>
    public int MaxRequestBytes { get; set; } = 16_000_000;

    /// <summary>The API's <c>reasoning.effort</c> for every request, or null.</summary>
    public string? ReasoningEffort { get; set; }

    /// <summary>The API's <c>reasoning.summary</c> for every request, or null for none.</summary>
    public string? ReasoningSummary { get; set; } = "auto";
}
