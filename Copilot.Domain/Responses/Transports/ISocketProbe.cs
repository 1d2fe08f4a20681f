namespace Copilot.Domain.Responses.Transports;

/// <summary>Where a socket reports whether sockets work with the upstream. The first report counts.</summary>
internal interface ISocketProbe
{
    /// <summary>The first event has come: sockets work.</summary>
    void Succeeded();

    /// <summary>The socket was refused, swallowed, or accepted and then refused in practice.</summary>
    /// <param name="reason">What happened, for people.</param>
    /// <param name="clock">The time-out that fired, or null when something else happened.</param>
    void Failed(string reason, UpstreamTimeout? clock);

    /// <summary>The connection was lost before its first event, which may be chance.</summary>
    void Lost(string reason);

    /// <summary>It was given up by us, so it says nothing about sockets.</summary>
    void Released();
}
