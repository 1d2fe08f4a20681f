using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Responses.Transports.Http;

/// <summary>The Responses API over HTTP: one POST per response, answered by server-sent events or by one JSON document.</summary>
/// <remarks>There is no connection between two responses, so connecting does nothing and leaving a response early only ends its request.</remarks>
internal sealed partial class HttpTransport(
    UpstreamEndpoint endpoint,
    UpstreamOptions options,
    UpstreamHttp http,
    TimeProvider time,
    Func<bool> shouldRotate,
    ILogger<HttpTransport> logger) : IResponsesTransport
{
    private const int LargestErrorBody = 64 * 1024;

    private readonly TaskCompletionSource<TransportEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closed = new();
    private int _busy;
    private int _disposed;

    /// <inheritdoc/>
    public TransportKind Kind => TransportKind.Http;

    /// <inheritdoc/>
    public Uri Endpoint => UpstreamHttp.ForDisplay(endpoint.BaseUrl);

    /// <inheritdoc/>
    public Task<TransportEnd> Ended => _ended.Task;

    /// <inheritdoc/>
    public bool ShouldRotate => shouldRotate();

    /// <inheritdoc/>
    /// <remarks>Never: steering belongs to the socket.</remarks>
    public bool CanSteer => false;

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ResponseEvent> CreateResponseAsync(
        PreparedRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfNotFor(Kind);
        if (request.Request.WarmUp)
        {
            throw new ArgumentException("A warm-up needs a WebSocket: over HTTP it would be answered.", nameof(request));
        }

        if (request.Request.PreviousResponseId is not null && !request.Request.Settings.Store)
        {
            throw new ArgumentException("Over HTTP a response can be continued only where the upstream stores it.", nameof(request));
        }

        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            throw new InvalidOperationException("A response is in flight on this transport.");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, cancellationToken);
        try
        {
            using var timeout = new FirstEventTimeout(options.FirstEventLimit(request.Length, request.FirstEventFactor), time, either.Token);
            using var answer = await SendAsync(request, timeout, cancellationToken).ConfigureAwait(false);

            // The upstream lives: from here on only the silence between two bytes counts.
            timeout.Stop();
            using var stall = new StallTimeout(options.StallTimeout, time, either.Token);
            await using var reading = ReadAsync(answer, stall, either.Token).GetAsyncEnumerator(CancellationToken.None);
            while (await NextAsync(reading, timeout, stall, cancellationToken).ConfigureAwait(false) is { } received)
            {
                yield return received;
                if (received.IsTerminal)
                {
                    yield break;
                }
            }

            throw Sent(TransportFailure.Lost, "The upstream ended the stream before the response was complete.", null);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Always false: steering belongs to the socket.</remarks>
    public Task<bool> TrySteerAsync(SteerRequest request, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _closed.CancelAsync().ConfigureAwait(false);
            _ended.TrySetResult(new TransportEnd(TransportEndReason.Closed, null, null));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        PreparedRequest request, FirstEventTimeout timeout, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, UpstreamHttp.EndpointOf(endpoint.BaseUrl, TransportKind.Http))
        {
            Content = new RequestContent(request),
        };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        UpstreamHttp.AddHeaders(message, endpoint);

        HttpResponseMessage? answer = null;
        try
        {
            answer = await http.Invoker.SendAsync(message, timeout.Token).ConfigureAwait(false);
            LogSent(request.Request.Input.Count, request.Length, (int)answer.StatusCode);
            if (!answer.IsSuccessStatusCode)
            {
                throw await RefusedAsync(answer, timeout.Token).ConfigureAwait(false);
            }

            var accepted = answer;
            answer = null;
            return accepted;
        }
        catch (Exception exception) when (exception is not TransportException)
        {
            throw Translate(exception, timeout, sending: true, cancellationToken);
        }
        finally
        {
            answer?.Dispose();
        }
    }

    private async Task<TransportException> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        var retryAfter = UpstreamHttp.RetryAfterOf(answer.Headers.RetryAfter, time);
        var body = await UpstreamHttp.ReadBodyAsync(answer, LargestErrorBody, cancellationToken).ConfigureAwait(false);
        var error = status is >= 300 and < 400
            ? new ResponseError { Message = $"The request was redirected with status {status}, which is not followed.", Status = status }
            : ResponseErrorParser.ReadHttp(status, body.Span[..Math.Min(body.Length, LargestErrorBody)], retryAfter);
        return new TransportException(TransportFailure.Refused, error.Message, innerException: null)
        {
            HttpStatus = status,
            Error = error,
            RetryAfter = error.RetryAfter,
            MayHaveBeenSent = true,
        };
    }

    private async IAsyncEnumerable<ResponseEvent> ReadAsync(
        HttpResponseMessage answer, StallTimeout stall, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await UpstreamHttp.OpenBodyAsync(answer, cancellationToken).ConfigureAwait(false);
        var isLabelled = "text/event-stream".Equals(answer.Content.Headers.ContentType?.MediaType, StringComparison.OrdinalIgnoreCase);
        var body = new ResponseBody(stream, stall, isLabelled, options.MaxEventBytes);
        await foreach (var received in body.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return received;
        }
    }

    private async ValueTask<ResponseEvent?> NextAsync(
        IAsyncEnumerator<ResponseEvent> events, FirstEventTimeout timeout, StallTimeout stall, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false) ? events.Current : null;
        }
        catch (Exception exception) when (stall.HasFired && exception is not TransportException && !cancellationToken.IsCancellationRequested)
        {
            throw Sent(TransportFailure.StallTimeout, SocketFailure.StallMessage(stall.Limit), exception);
        }
        catch (Exception exception) when (exception is not TransportException)
        {
            throw Translate(exception, timeout, sending: false, cancellationToken);
        }
    }

    private Exception Translate(Exception exception, FirstEventTimeout timeout, bool sending, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException("The response was cancelled.", exception, cancellationToken);
        }

        if (_closed.IsCancellationRequested)
        {
            return Sent(TransportFailure.Lost, "The transport was closed while a response was running.", exception);
        }

        if (timeout.HasFired)
        {
            return Sent(TransportFailure.FirstEventTimeout, SocketFailure.NoEventMessage(timeout.Limit), exception);
        }

        if (sending && exception is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
            })
        {
            return SocketFailure.Unreachable(exception);
        }

        if (sending && exception is OperationCanceledException)
        {
            // We did not cancel, so it was the handler's own connect time-out.
            return SocketFailure.ConnectTimeout(options.ConnectTimeout, exception);
        }

        return Sent(TransportFailure.Lost, "The connection to the upstream broke before the response was complete.", exception);
    }

    private static TransportException Sent(TransportFailure failure, string message, Exception? inner) => new(failure, message, inner)
    {
        MayHaveBeenSent = true,
    };

    [LoggerMessage(LogLevel.Debug, "Request sent: {Items} input items, {Bytes} bytes, answered with status {Status}")]
    private partial void LogSent(int items, long bytes, int status);
}
