namespace Copilot.Domain.Responses.Transports;

/// <summary>Why a transport ended.</summary>
public enum TransportEndReason
{
    /// <summary>We closed it.</summary>
    Closed,

    /// <summary>The upstream closed it.</summary>
    ClosedByPeer,

    /// <summary>The connection broke, or its watchdog fired.</summary>
    Faulted,
}
