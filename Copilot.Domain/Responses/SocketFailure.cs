using System.Globalization;
using System.Net.Http;
using System.Net.WebSockets;

namespace Copilot.Domain.Responses;

/// <summary>Says in the domain's words why a socket could not be opened or was lost.</summary>
internal static class SocketFailure
{
    /// <summary>No answer in time.</summary>
    public static TransportException ConnectTimeout(TimeSpan limit, Exception inner) => new(
        TransportFailure.ConnectTimeout,
        string.Create(CultureInfo.InvariantCulture, $"The upstream did not answer within {limit.TotalSeconds:0.###} s."),
        inner);

    /// <summary>The upgrade failed: with an HTTP status, or below it.</summary>
    public static TransportException Connect(ClientWebSocket socket, Exception error, TimeProvider clock)
    {
        var status = (int)socket.HttpStatusCode;
        if (status is 0 or 101)
        {
            return status == 101
                ? new TransportException(TransportFailure.Protocol, "The upstream accepted the upgrade wrongly.", error)
                : Unreachable(error);
        }

        var headers = socket.HttpResponseHeaders ?? new Dictionary<string, IEnumerable<string>>();
        var retryAfter = UpstreamHttp.RetryAfterOf(Header(headers, "Retry-After"), clock);
        var requestId = Header(headers, "x-request-id") is { Length: <= 200 } id ? $" (request {id})" : "";
        var message = status is >= 300 and < 400
            ? $"The socket was redirected with status {status}, which is not followed{requestId}."
            : $"The socket was refused with status {UpstreamHttp.StatusText(status)}{requestId}.";
        return new TransportException(TransportFailure.Refused, message, error)
        {
            HttpStatus = status,
            RetryAfter = retryAfter,
            Error = new ResponseError { Message = message, Status = status, RetryAfter = retryAfter },
        };
    }

    /// <summary>The network or the handshake of TLS failed.</summary>
    public static TransportException Unreachable(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is TimeoutException)
            {
                return new TransportException(TransportFailure.ConnectTimeout, "The upstream did not answer the connect in time.", error);
            }

            if (inner is HttpRequestException http)
            {
                return new TransportException(TransportFailure.Unreachable, Sentence(http.HttpRequestError), error);
            }
        }

        return new TransportException(TransportFailure.Unreachable, Sentence(HttpRequestError.Unknown), error);
    }

    /// <summary>The connection broke.</summary>
    public static TransportException Lost(Exception error) => new(
        TransportFailure.Lost, "The connection to the upstream broke before the response was complete.", error);

    /// <summary>The upstream closed before the terminal event.</summary>
    public static TransportException Closed(int? code, string detail) => new(
        TransportFailure.Lost, detail, innerException: null)
    {
        CloseCode = code,
    };

    /// <summary>One sentence about a close frame.</summary>
    public static string CloseSentence(int? code, string? description)
    {
        var words = string.IsNullOrWhiteSpace(description) ? "" : $": {description}";
        return code is { } number
            ? string.Create(CultureInfo.InvariantCulture, $"The upstream closed the socket with code {number}{words}.")
            : "The upstream closed the socket without a code.";
    }

    private static string? Header(IReadOnlyDictionary<string, IEnumerable<string>> headers, string name) =>
        headers.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

    private static string Sentence(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "The upstream's name could not be resolved.",
        HttpRequestError.ConnectionError => "The upstream could not be reached.",
        HttpRequestError.SecureConnectionError => "No secure connection to the upstream could be made.",
        HttpRequestError.ProxyTunnelError => "The proxy refused the way to the upstream.",
        _ => "The connection to the upstream broke while it was being opened.",
    };
}
