namespace Copilot.Domain.Responses.Events;

/// <summary>A transport could not be opened, or broke before the terminal event.</summary>
public sealed class TransportException : Exception
{
    /// <summary>Creates one from its cause.</summary>
    public TransportException(TransportFailure failure, string message, Exception? innerException)
        : base(message, innerException) => Failure = failure;

    /// <summary>What happened.</summary>
    public TransportFailure Failure { get; }

    /// <summary>HTTP status of a refused upgrade or request, or null.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Close code received, or null.</summary>
    public int? CloseCode { get; init; }

    /// <summary>The upstream's own error, where it gave one.</summary>
    public ResponseError? Error { get; init; }

    /// <summary><c>Retry-After</c> of a refusal, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when the request had begun to be sent, so the upstream may have seen (and may bill) it.</summary>
    public bool MayHaveBeenSent { get; init; }

    /// <summary>True when the socket had never carried an event: it was accepted, and then refused in practice.</summary>
    public bool NeverDelivered { get; init; }

    /// <summary>The time-out that caused it, or null for another cause.</summary>
    public UpstreamTimeout? Timeout => Failure switch
    {
        TransportFailure.ConnectTimeout => UpstreamTimeout.Connect,
        TransportFailure.FirstEventTimeout => UpstreamTimeout.FirstEvent,
        TransportFailure.KeepAliveTimeout => UpstreamTimeout.KeepAlive,
        TransportFailure.StallTimeout => UpstreamTimeout.Stall,
        _ => null,
    };
}
