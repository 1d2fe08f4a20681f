using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Telemetry;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses.Transports;

/// <summary>
/// The one HTTP stack below both transports: it pools connections, honours the system's proxy, and follows no redirect, because a
/// redirect would carry the key to wherever it points.
/// </summary>
internal sealed class UpstreamHttp : IDisposable
{
    private static readonly string s_userAgent = "Copilot/" +
        (typeof(UpstreamHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    private int _sockets;

    /// <summary>Creates the stack with the connect time-out configured now.</summary>
    public UpstreamHttp(IOptionsMonitor<UpstreamOptions> options)
    {
        Invoker = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = true,
                ConnectTimeout = options.CurrentValue.ConnectTimeout,
                // DNS is looked up again regularly, so a moved upstream is found.
                PooledConnectionLifetime = TimeSpan.FromMinutes(10),
                ActivityHeadersPropagator = null,
                ConnectCallback = ConnectAsync,
            },
            disposeHandler: true);
    }

    /// <summary>
    /// Connects with TCP's own keep-alive: a peer that has lost its power or its place in a router's table is noticed within half a
    /// minute, whatever runs over the connection.
    /// </summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends requests and upgrades.</summary>
    public HttpMessageInvoker Invoker { get; }

    /// <summary>How many sockets exist: created and not yet disposed. Leak tests read it.</summary>
    public int Sockets => Volatile.Read(ref _sockets);

    /// <summary>
    /// Where responses are made: the base address with <c>/responses</c> added if missing, query parameters preserved, and <c>ws</c> for
    /// <c>http</c> on a socket.
    /// </summary>
    /// <exception cref="TransportException">The base address cannot be an upstream.</exception>
    public static Uri EndpointOf(Uri baseUrl, TransportKind kind)
    {
        if (!baseUrl.IsAbsoluteUri || baseUrl.Scheme is not ("http" or "https" or "ws" or "wss"))
        {
            throw new TransportException(
                TransportFailure.Unreachable, "The upstream's address must begin with http:// or https://.", innerException: null);
        }

        var secure = baseUrl.Scheme is "https" or "wss";
        var builder = new UriBuilder(baseUrl)
        {
            Scheme = (kind, secure) switch
            {
                (TransportKind.WebSocket, true) => "wss",
                (TransportKind.WebSocket, false) => "ws",
                (_, true) => "https",
                _ => "http",
            },
            Port = baseUrl.IsDefaultPort ? -1 : baseUrl.Port,
            Path = PathOf(baseUrl.AbsolutePath.TrimEnd('/')),
            Fragment = "",
        };
        return builder.Uri;
    }

    private static string PathOf(string path) =>
        path.EndsWith("/responses", StringComparison.OrdinalIgnoreCase) ? path : path + "/responses";

    /// <summary>An address safe to display: query and user information may hold secrets.</summary>
    public static Uri ForDisplay(Uri endpoint) => new(endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));

    /// <summary>The headers of every request and upgrade: user agent, trace, key, and the configured ones.</summary>
    /// <exception cref="TransportException">The key has characters that a header cannot carry. The message does not repeat it.</exception>
    public static IEnumerable<KeyValuePair<string, string>> HeadersOf(UpstreamEndpoint endpoint)
    {
        List<KeyValuePair<string, string>> headers = [new("User-Agent", s_userAgent)];
        if (TraceParent.Current is { } trace)
        {
            headers.Add(new(TraceParent.Header, trace));
        }

        var key = endpoint.ApiKey?.Trim();
        if (!string.IsNullOrEmpty(key))
        {
            if (key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                throw new TransportException(
                    TransportFailure.Unreachable, "The API key has characters that cannot be sent. Set Upstream:ApiKey again.", innerException: null);
            }

            var bearer = endpoint.KeyHeader.Equals("Authorization", StringComparison.OrdinalIgnoreCase);
            headers.Add(new(endpoint.KeyHeader, bearer ? "Bearer " + key : key));
        }

        headers.AddRange(endpoint.Headers);
        return headers;
    }

    /// <summary>Gives a request these headers.</summary>
    /// <exception cref="TransportException">The key has characters that a header cannot carry.</exception>
    public static void AddHeaders(HttpRequestMessage request, UpstreamEndpoint endpoint)
    {
        foreach (var (name, value) in HeadersOf(endpoint))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>
    /// The body as it was before some proxy packed it. We ask for no packing, because it would hold a stream back; some do it all the same.
    /// </summary>
    public static async Task<Stream> OpenBodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        foreach (var packing in answer.Content.Headers.ContentEncoding.Reverse())
        {
            body = packing.ToUpperInvariant() switch
            {
                "GZIP" or "X-GZIP" => new GZipStream(body, CompressionMode.Decompress),
                "DEFLATE" => new ZLibStream(body, CompressionMode.Decompress),
                "BR" => new BrotliStream(body, CompressionMode.Decompress),
                _ => body,
            };
        }

        return body;
    }

    /// <summary>Reads the body, and of a longer one at most a buffer more than the cap.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage answer, int cap, CancellationToken cancellationToken)
    {
        await using var stream = await OpenBodyAsync(answer, cancellationToken).ConfigureAwait(false);
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while (body.Length <= cap && (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    /// <summary>The delay of a <c>Retry-After</c> header, in seconds or as a date.</summary>
    public static TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header, TimeProvider time)
    {
        if (header?.Date is { } date)
        {
            var delay = date - time.GetUtcNow();
            return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
        }

        return header?.Delta;
    }

    /// <summary>The same from a header's text.</summary>
    public static TimeSpan? RetryAfterOf(string? header, TimeProvider time) =>
        RetryConditionHeaderValue.TryParse(header, out var parsed) ? RetryAfterOf(parsed, time) : null;

    /// <summary>"426 (Upgrade Required)" for people.</summary>
    public static string StatusText(int status)
    {
        var name = Enum.IsDefined((System.Net.HttpStatusCode)status) ? $" ({(System.Net.HttpStatusCode)status})" : "";
        return status.ToString(CultureInfo.InvariantCulture) + name;
    }

    /// <summary>Counts a new socket.</summary>
    public void SocketCreated() => Interlocked.Increment(ref _sockets);

    /// <summary>Counts a disposed socket, whose receive loop has ended.</summary>
    public void SocketDisposed() => Interlocked.Decrement(ref _sockets);

    public void Dispose() => Invoker.Dispose();
}
