namespace Copilot.Domain.Responses.Connecting;

/// <summary>Whether sockets to the upstream are used.</summary>
public enum SocketCircuit
{
    /// <summary>Sockets work, or have not failed yet.</summary>
    Closed,

    /// <summary>Sockets failed: runs use HTTP until <see cref="SocketState.NextProbeAt"/>.</summary>
    Open,

    /// <summary>One socket is being tried while runs use HTTP.</summary>
    HalfOpen,
}

/// <summary>How the states are written in metrics.</summary>
internal static class SocketCircuits
{
    /// <summary><c>closed</c>, <c>open</c> or <c>half_open</c>.</summary>
    public static string Wire(this SocketCircuit circuit) => circuit switch
    {
        SocketCircuit.Closed => "closed",
        SocketCircuit.Open => "open",
        _ => "half_open",
    };
}
