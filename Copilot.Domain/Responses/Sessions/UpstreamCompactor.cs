using System.Net.Http.Headers;
using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses.Sessions;

/// <summary>Compacts a long conversation: <c>POST {base}/responses/compact</c>, for either transport.</summary>
internal sealed partial class UpstreamCompactor(
    IUpstreamEndpoint endpoints,
    IOptionsMonitor<UpstreamOptions> options,
    UpstreamHttp http,
    TimeProvider time,
    ILogger<UpstreamCompactor> logger)
{
    private const int LargestErrorBody = 64 * 1024;

    /// <summary>Multiple of the first-event time-out: the model reads everything and writes a lot before the answer starts.</summary>
    private const int TimeoutFactor = 4;

    /// <summary>Compacts a conversation.</summary>
    /// <exception cref="TransportException">It could not be done; the message is for people.</exception>
    public async Task<CompactedInput> CompactAsync(
        ResponseSettings settings, IReadOnlyList<InputItem> input, CancellationToken cancellationToken)
    {
        var endpoint = await endpoints.GetAsync(cancellationToken).ConfigureAwait(false);
        var current = options.CurrentValue;
        var body = RequestWriter.WriteCompact(settings, input);
        var bytes = body.Headers.ContentLength ?? 0;
        using var timeout = new FirstEventTimeout(current.FirstEventLimit(bytes) * TimeoutFactor, time, cancellationToken);
        try
        {
            using var request = Request(endpoint, body);
            using var answer = await http.Invoker.SendAsync(request, timeout.Token).ConfigureAwait(false);
            var cap = answer.IsSuccessStatusCode ? current.MaxEventBytes : LargestErrorBody;
            var read = await UpstreamHttp.ReadBodyAsync(answer, cap, timeout.Token).ConfigureAwait(false);
            LogAnswered(input.Count, bytes, (int)answer.StatusCode);
            if (!answer.IsSuccessStatusCode)
            {
                throw Refused(answer, read.Span[..Math.Min(read.Length, cap)]);
            }

            return read.Length <= cap
                ? Read(read)
                : throw Failed(TransportFailure.TooLarge, $"The compacted conversation has more than {cap} bytes.", null);
        }
        catch (Exception exception) when (exception is not TransportException && !cancellationToken.IsCancellationRequested)
        {
            throw timeout.HasFired
                ? Failed(TransportFailure.FirstEventTimeout, SocketFailure.NoEventMessage(timeout.Limit), exception)
                : Failed(TransportFailure.Lost, "The connection to the upstream broke while it compacted the conversation.", exception);
        }
    }

    private static HttpRequestMessage Request(UpstreamEndpoint endpoint, RequestContent body)
    {
        var responses = UpstreamHttp.EndpointOf(endpoint.BaseUrl, TransportKind.Http);
        var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(responses) { Path = responses.AbsolutePath + "/compact" }.Uri)
        {
            Content = body,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        UpstreamHttp.AddHeaders(request, endpoint);

        return request;
    }

    private TransportException Refused(HttpResponseMessage answer, ReadOnlySpan<byte> body)
    {
        var status = (int)answer.StatusCode;
        var error = ResponseErrorParser.ReadHttp(status, body, UpstreamHttp.RetryAfterOf(answer.Headers.RetryAfter, time));
        return new TransportException(TransportFailure.Refused, error.Message, innerException: null) { HttpStatus = status, Error = error };
    }

    private static CompactedInput Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("output", out var output) && output.ValueKind is JsonValueKind.Array)
            {
                InputItem[] items = [.. output.EnumerateArray()
                    .Where(item => item.ValueKind is JsonValueKind.Object)
                    .Select(item => new InputItem(System.Text.Encoding.UTF8.GetBytes(item.GetRawText())))];
                if (items.Length > 0 && items.Length == output.GetArrayLength())
                {
                    return new CompactedInput(
                        items,
                        root.TryGetProperty("usage", out var usage) && usage.ValueKind is JsonValueKind.Object
                            ? ResponseObjectReader.ReadUsage(System.Text.Encoding.UTF8.GetBytes(usage.GetRawText()))
                            : null);
                }
            }
        }
        catch (JsonException exception)
        {
            throw Failed(TransportFailure.Protocol, "The upstream answered with something that is not a compacted conversation.", exception);
        }

        throw Failed(TransportFailure.Protocol, "The upstream answered with something that is not a compacted conversation.", null);
    }

    private static TransportException Failed(TransportFailure failure, string message, Exception? inner) => new(failure, message, inner);

    [LoggerMessage(LogLevel.Debug, "Compaction requested: {Items} input items, {Bytes} bytes, answered with status {Status}")]
    private partial void LogAnswered(int items, long bytes, int status);
}
