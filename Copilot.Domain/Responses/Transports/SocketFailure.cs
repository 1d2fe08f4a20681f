using System.Globalization;
using System.Net.WebSockets;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports;

/// <summary>Explains why a socket could not be opened or was lost.</summary>
internal static class SocketFailure
{
    /// <summary>Why a socket could not be opened, for a notice: without a capital or a full stop.</summary>
    public static string Reason(TransportException exception) => exception switch
    {
        { HttpStatus: >= 300 and < 400 and var status } => $"the socket was redirected with status {status}",
        { HttpStatus: { } status } => $"the socket was refused with status {status}",
        { Failure: TransportFailure.ConnectTimeout } => "the socket did not open in time",
        { Failure: TransportFailure.Protocol } => "the socket was opened wrongly",
        _ => "the socket could not be opened",
    };

    /// <summary>Why HTTP took a request while the socket was still being opened.</summary>
    public static string HeadStartReason(TimeSpan headStart) =>
        string.Create(CultureInfo.InvariantCulture, $"the socket did not open within {headStart.TotalSeconds:0.###} s");

    /// <summary>Why a socket that opened does not count as one.</summary>
    public static string AcceptedReason(int? closeCode) => closeCode is { } code
        ? string.Create(CultureInfo.InvariantCulture, $"the socket was accepted and then closed with code {code}")
        : "the socket was accepted and then cut";

    /// <summary>
    /// True for close codes that mean a refusal rather than a broken connection: a policy (1008), a normal end without an answer (1000),
    /// a rejected protocol or type. A proxy that lets upgrades through and then refuses them does so.
    /// </summary>
    public static bool IsRefusal(int? closeCode) => closeCode is 1000 or 1002 or 1003 or 1007 or 1008 or 1010;

    /// <summary>The message for a request that got no event in time.</summary>
    public static string NoEventMessage(TimeSpan limit) =>
        string.Create(CultureInfo.InvariantCulture, $"The upstream sent nothing within {limit.TotalSeconds:0.###} s of the request.");

    /// <summary>The message for a response that fell silent over HTTP.</summary>
    public static string StallMessage(TimeSpan limit) =>
        string.Create(CultureInfo.InvariantCulture, $"The upstream sent nothing for {limit.TotalSeconds:0.###} s in the middle of the response.");

    /// <summary>No answer in time.</summary>
    public static TransportException ConnectTimeout(TimeSpan limit, Exception inner) => new(
        TransportFailure.ConnectTimeout,
        string.Create(CultureInfo.InvariantCulture, $"The upstream did not answer within {limit.TotalSeconds:0.###} s."),
        inner);

    /// <summary>The upgrade failed: with an HTTP status, or below HTTP.</summary>
    public static TransportException Connect(ClientWebSocket socket, Exception exception, TimeProvider time)
    {
        var status = (int)socket.HttpStatusCode;
        if (status is 0 or 101)
        {
            return status == 101
                ? new TransportException(TransportFailure.Protocol, "The upstream's WebSocket handshake was invalid.", exception)
                : Unreachable(exception);
        }

        var headers = socket.HttpResponseHeaders ?? new Dictionary<string, IEnumerable<string>>();
        var retryAfter = UpstreamHttp.RetryAfterOf(Header(headers, "Retry-After"), time);
        var requestId = Header(headers, "x-request-id") is { Length: <= 200 } id ? $" (request {ResponseErrorParser.Printable(id)})" : "";
        var message = status is >= 300 and < 400
            ? $"The socket was redirected with status {status}, which is not followed{requestId}."
            : $"The socket was refused with status {UpstreamHttp.StatusText(status)}{requestId}.";
        return new TransportException(TransportFailure.Refused, message, exception)
        {
            HttpStatus = status,
            RetryAfter = retryAfter,
            Error = new ResponseError { Message = message, Status = status, RetryAfter = retryAfter },
        };
    }

    /// <summary>The network or the TLS handshake failed.</summary>
    public static TransportException Unreachable(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is TimeoutException)
            {
                return new TransportException(TransportFailure.ConnectTimeout, "The connection to the upstream timed out.", exception);
            }

            if (inner is HttpRequestException http)
            {
                return new TransportException(TransportFailure.Unreachable, Sentence(http.HttpRequestError), exception);
            }
        }

        return new TransportException(TransportFailure.Unreachable, Sentence(HttpRequestError.Unknown), exception);
    }

    /// <summary>The connection broke, its watchdog found it dead, or the upstream broke the rules of sockets.</summary>
    /// <remarks>
    /// As measured: the watchdog aborts, so a receive ends as cancelled around a faulted socket (beside what the abort itself broke); a
    /// frame against the rules is a faulted socket itself; a cut connection says that it closed prematurely.
    /// </remarks>
    public static TransportException Broken(Exception exception, TimeSpan keepAliveTimeout) => exception switch
    {
        OperationCanceledException aborted when IsFaulted(aborted) => new TransportException(
            TransportFailure.KeepAliveTimeout,
            string.Create(CultureInfo.InvariantCulture, $"The upstream did not answer a ping within {keepAliveTimeout.TotalSeconds:0.###} s."),
            exception),
        WebSocketException { WebSocketErrorCode: WebSocketError.Faulted or WebSocketError.InvalidMessageType } => new TransportException(
            TransportFailure.Protocol, "The upstream sent an invalid WebSocket frame.", exception),
        _ => Lost(exception),
    };

    /// <summary>The error of a socket that had ended before it was used.</summary>
    public static TransportException Ended(TransportEnd end) => new(
        end.Timeout == UpstreamTimeout.KeepAlive ? TransportFailure.KeepAliveTimeout : TransportFailure.Lost,
        end.Detail ?? "The connection has ended.",
        innerException: null)
    {
        CloseCode = end.CloseCode,
    };

    /// <summary>The connection broke.</summary>
    public static TransportException Lost(Exception exception) => new(
        TransportFailure.Lost, "The connection to the upstream broke before the response was complete.", exception);

    /// <summary>The upstream closed before the terminal event.</summary>
    public static TransportException Closed(int? code, string detail) => new(
        TransportFailure.Lost, detail, innerException: null)
    {
        CloseCode = code,
    };

    /// <summary>One sentence about a close frame.</summary>
    public static string CloseMessage(int? code, string? description)
    {
        var suffix = string.IsNullOrWhiteSpace(description) ? "" : $": {ResponseErrorParser.Printable(description)}";
        return code is { } number
            ? string.Create(CultureInfo.InvariantCulture, $"The upstream closed the socket with code {number}{suffix}.")
            : "The upstream closed the socket without a code.";
    }

    private static bool IsFaulted(Exception exception) =>
        exception is WebSocketException { WebSocketErrorCode: WebSocketError.Faulted }
        || (exception is AggregateException several ? several.InnerExceptions.Any(IsFaulted) : exception.InnerException is { } inner && IsFaulted(inner));

    private static string? Header(IReadOnlyDictionary<string, IEnumerable<string>> headers, string name) =>
        headers.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

    private static string Sentence(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "The upstream's name could not be resolved.",
        HttpRequestError.ConnectionError => "The upstream could not be reached.",
        HttpRequestError.SecureConnectionError => "No secure connection to the upstream could be made.",
        HttpRequestError.ProxyTunnelError => "The proxy refused the connection to the upstream.",
        _ => "The connection to the upstream broke while it was being opened.",
    };
}
