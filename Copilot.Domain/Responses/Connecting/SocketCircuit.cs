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
