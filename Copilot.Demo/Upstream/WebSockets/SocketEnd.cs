namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>Why and how a connection ends.</summary>
internal sealed record SocketEnd(SocketEndKind Kind, int Code, string? Reason)
{
    public const int NoCode = 1005;

    public static SocketEnd PeerClosed { get; } = new(SocketEndKind.PeerClosed, NoCode, null);

    public static SocketEnd TooBig { get; } = new(SocketEndKind.TooBig, 1009, "message too big");

    public static SocketEnd ServerStops { get; } = new(SocketEndKind.Close, 1001, "server stopping");

    public static SocketEnd ServerFailed { get; } = new(SocketEndKind.Close, 1011, "server error");

    public static SocketEnd Lost { get; } = new(SocketEndKind.Lost, NoCode, null);

    /// <summary>The TCP connection is reset.</summary>
    public static SocketEnd Reset { get; } = new(SocketEndKind.Reset, NoCode, null);

    /// <summary>The TCP connection ends without a close frame.</summary>
    public static SocketEnd Hangup { get; } = new(SocketEndKind.Hangup, NoCode, null);

    public static SocketEnd Close(int code, string reason) => new(SocketEndKind.Close, code, code == NoCode ? null : reason);
}

/// <summary>The ways in which a connection ends.</summary>
internal enum SocketEndKind
{
    PeerClosed,
    TooBig,
    Close,
    Reset,
    Hangup,
    Lost,
}
