using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Responses.Transports.Http;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Responses.Sessions;

/// <summary>
/// Asks the model for a few words beside any conversation: one POST over HTTP, answered as a whole, not stored and without tools. It is
/// never tried again.
/// </summary>
public sealed partial class ShortAnswers
{
    private const int LargestBody = 256 * 1024;

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IUpstreamEndpoint _endpoints;
    private readonly UpstreamHttp _http;
    private readonly TimeProvider _time;
    private readonly ILogger<ShortAnswers> _logger;

    internal ShortAnswers(IUpstreamEndpoint endpoints, UpstreamHttp http, TimeProvider time, ILogger<ShortAnswers> logger) =>
        (_endpoints, _http, _time, _logger) = (endpoints, http, time, logger);

    /// <summary>The text of the answer; null when there is none, for whatever reason.</summary>
    /// <param name="model">The model.</param>
    /// <param name="instructions">What it is to do.</param>
    /// <param name="input">What it is given.</param>
    /// <param name="maxTokens">The most that it may write, what it thinks included.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends it, which it throws.</param>
    public async Task<string?> AskAsync(
        string model, string instructions, string input, int maxTokens, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var tooLong = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancellationToken);
        try
        {
            var endpoint = await _endpoints.GetAsync(either.Token).ConfigureAwait(false);
            using var request = Request(endpoint, Body(model, instructions, input, maxTokens));
            using var answer = await _http.Invoker.SendAsync(request, either.Token).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                LogRefused((int)answer.StatusCode);
                return null;
            }

            return TextOf(await ReadAsync(answer, either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or InvalidDataException or TransportException)
        {
            // Only its kind: what an upstream says may quote what it was asked.
            LogFailed(exception.GetType().Name);
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Body(string model, string instructions, string input, int maxTokens)
    {
        var buffer = new ArrayBufferWriter<byte>(512 + input.Length);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            writer.WriteString("model"u8, model);
            writer.WriteBoolean("store"u8, false);
            writer.WriteNumber("max_output_tokens"u8, maxTokens);
            writer.WriteString("instructions"u8, instructions);
            writer.WriteString("input"u8, input);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static HttpRequestMessage Request(UpstreamEndpoint endpoint, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, UpstreamHttp.EndpointOf(endpoint.BaseUrl, TransportKind.Http))
        {
            Content = new ReadOnlyMemoryContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach (var (name, value) in UpstreamHttp.HeadersOf(endpoint))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var stream = await UpstreamHttp.OpenBodyAsync(answer, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[LargestBody];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return buffer.AsMemory(0, length);
    }

    // One that was cut short is no answer.
    private static string? TextOf(ReadOnlyMemory<byte> body) =>
        NonStreamingResponseReader.TryRead(body, out var last) && last is ResponseLifecycleEvent { Response: { Status: ResponseStatus.Completed } response }
        && string.Concat(response.Output.Where(item => item.Type == "message").Select(item => item.Text)) is { Length: > 0 } said
            ? said
            : null;

    [LoggerMessage(LogLevel.Information, "A short answer was refused with status {Status}")]
    private partial void LogRefused(int status);

    [LoggerMessage(LogLevel.Information, "A short answer failed: {Kind}")]
    private partial void LogFailed(string kind);
}
