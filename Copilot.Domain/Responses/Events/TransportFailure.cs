namespace Copilot.Domain.Responses.Events;

/// <summary>The ways in which a transport fails.</summary>
public enum TransportFailure
{
    /// <summary>No answer to the connect within <c>Upstream:ConnectTimeout</c>.</summary>
    ConnectTimeout,

    /// <summary>The network could not reach the upstream.</summary>
    Unreachable,

    /// <summary>The upgrade or the request was answered with an HTTP status that is not success.</summary>
    Refused,

    /// <summary>Nothing within <c>Upstream:FirstEventTimeout</c>.</summary>
    FirstEventTimeout,

    /// <summary>A ping was not answered within <c>Upstream:KeepAliveTimeout</c>: the connection is dead although neither side closed it.</summary>
    KeepAliveTimeout,

    /// <summary>Not one byte came over HTTP within <c>Upstream:StallTimeout</c>: counts as lost.</summary>
    StallTimeout,

    /// <summary>The connection ended before the terminal event.</summary>
    Lost,

    /// <summary>A frame or body exceeded the size cap.</summary>
    TooLarge,

    /// <summary>Something arrived that does not follow the protocol.</summary>
    Protocol,
}
