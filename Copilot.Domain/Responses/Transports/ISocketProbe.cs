namespace Copilot.Domain.Responses.Transports;

/// <summary>Receives a socket's report on whether sockets work with the upstream. The first report counts.</summary>
internal interface ISocketProbe
{
    /// <summary>The first event has arrived: sockets work.</summary>
    void Succeeded();

    /// <summary>The socket was refused, swallowed, or accepted and then refused in practice.</summary>
    /// <param name="reason">What happened, for people.</param>
    /// <param name="timeout">The time-out that fired, or null when something else happened.</param>
    void Failed(string reason, UpstreamTimeout? timeout);

    /// <summary>The connection was lost before its first event, which may be chance.</summary>
    void Lost(string reason);

    /// <summary>We gave it up, so it says nothing about sockets.</summary>
    void Released();
}
