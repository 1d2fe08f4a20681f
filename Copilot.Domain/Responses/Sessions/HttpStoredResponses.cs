using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses.Sessions;

/// <summary>Stored responses over HTTP.</summary>
internal sealed partial class HttpStoredResponses(
    UpstreamHttp http, IOptionsMonitor<UpstreamOptions> options, TimeProvider time, ILogger<HttpStoredResponses> logger) : IStoredResponses
{
    // An error is a few hundred bytes; a proxy's page is not worth reading to the end.
    private const int LargestErrorBody = 16 * 1024;

    /// <inheritdoc/>
    public Task<StoredAnswer> DeleteAsync(UpstreamEndpoint endpoint, string responseId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, endpoint, responseId, cancellationToken);

    /// <inheritdoc/>
    public Task<StoredAnswer> RetrieveAsync(UpstreamEndpoint endpoint, string responseId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, endpoint, responseId, cancellationToken);

    private async Task<StoredAnswer> SendAsync(
        HttpMethod method, UpstreamEndpoint endpoint, string responseId, CancellationToken cancellationToken)
    {
        var limit = options.CurrentValue.FirstEventTimeout;
        using var tooLong = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancellationToken);
        try
        {
            using var request = Request(method, endpoint, responseId);
            using var answer = await http.Invoker.SendAsync(request, either.Token).ConfigureAwait(false);
            var read = await ReadAsync(answer, responseId, either.Token).ConfigureAwait(false);
            LogAnswered(method.Method, responseId, read.Status);
            return read;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (TransportException exception)
        {
            return new StoredAnswer(null, exception.Message);
        }
        catch (OperationCanceledException)
        {
            return new StoredAnswer(null, $"The upstream did not answer within {limit.TotalSeconds:0} s.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException)
        {
            LogUnreachable(exception, method.Method, responseId);
            return new StoredAnswer(null, "The upstream could not be reached.");
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, UpstreamEndpoint endpoint, string responseId)
    {
        var responses = UpstreamHttp.EndpointOf(endpoint.BaseUrl, TransportKind.Http);
        var address = new UriBuilder(responses) { Path = responses.AbsolutePath + "/" + Uri.EscapeDataString(responseId) }.Uri;
        var request = new HttpRequestMessage(method, address);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        UpstreamHttp.AddHeaders(request, endpoint);

        return request;
    }

    private async Task<StoredAnswer> ReadAsync(HttpResponseMessage answer, string responseId, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        if (answer.IsSuccessStatusCode)
        {
            return new StoredAnswer(status, null);
        }

        var body = await ReadBodyAsync(answer, cancellationToken).ConfigureAwait(false);
        return new StoredAnswer(status, Problem(status, body))
        {
            RetryAfter = UpstreamHttp.RetryAfterOf(answer.Headers.RetryAfter, time),
            IsUnknownResponse = status == 404 && NamesResponse(body, responseId),
        };
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var stream = await UpstreamHttp.OpenBodyAsync(answer, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[LargestErrorBody];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return buffer.AsMemory(0, length);
    }

    // The upstream's message may repeat stored content, and this record is permanent: only the status is reported.
    private static string Problem(int status, ReadOnlyMemory<byte> body) => status switch
    {
        401 or 403 => $"The upstream refused the key ({status}). Check Upstream:ApiKey.",
        404 when IsError(body) => "The upstream does not know the response.",
        404 => "The upstream answered 404 without saying that it does not know the response. Check Upstream:BaseUrl.",
        405 or 501 => $"The upstream cannot delete responses ({status}).",
        429 => "The upstream asks to wait (429).",
        _ => $"The upstream answered {UpstreamHttp.StatusText(status)}.",
    };

    private static bool NamesResponse(ReadOnlyMemory<byte> body, string responseId) =>
        IsError(body) || (Parse(body) is not null && System.Text.Encoding.UTF8.GetString(body.Span).Contains(responseId, StringComparison.Ordinal));

    private static bool IsError(ReadOnlyMemory<byte> body) => Parse(body) is true;

    /// <summary>True for an object with the API's <c>error</c>, false for another object, null for anything else.</summary>
    private static bool? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? document.RootElement.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Method} of the stored response {ResponseId} was answered with {Status}")]
    private partial void LogAnswered(string method, string responseId, int? status);

    [LoggerMessage(LogLevel.Warning, "{Method} of the stored response {ResponseId} was not answered")]
    private partial void LogUnreachable(Exception exception, string method, string responseId);
}
