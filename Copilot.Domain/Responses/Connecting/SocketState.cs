namespace Copilot.Domain.Responses.Connecting;

/// <summary>The state of the sockets to the upstream, as shown on screen.</summary>
public sealed record SocketState
{
    /// <summary>Whether sockets are used.</summary>
    public required SocketCircuit State { get; init; }

    /// <summary>Since when sockets are used (<see cref="SocketCircuit.Closed"/>) or not used (the other two).</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why sockets are not used, in one plain sentence without a capital or a full stop; null while they are.</summary>
    public string? Reason { get; init; }

    /// <summary>The time-out that fired, or null.</summary>
    public UpstreamTimeout? Timeout { get; init; }

    /// <summary>True when the probe's socket is open and waits for a run; only while <see cref="SocketCircuit.HalfOpen"/>.</summary>
    public bool SpareReady { get; init; }

    /// <summary>When the next run that connects tries a socket again; only while <see cref="SocketCircuit.Open"/>.</summary>
    public DateTimeOffset? NextProbeAt { get; init; }
}
