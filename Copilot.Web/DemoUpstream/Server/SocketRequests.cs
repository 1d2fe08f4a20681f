using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>Answers the messages of one connection, one after the other. An error stays in the band: the socket stays open.</summary>
internal sealed partial class SocketRequests(
    WebSocket socket,
    ResponseEngine engine,
    ConnectionLanes lanes,
    CancellationToken connectionLost)
{
    private readonly PromptCache _cache = new();

    public async Task AnswerAsync(SocketMessage message, CancellationToken cancellationToken)
    {
        string? streamId = null;
        string? previousResponseId = null;
        try
        {
            var body = ReadBody(message);
            streamId = ReadStreamId(body);
            previousResponseId = body.Text("previous_response_id");
            var request = CreateRequestReader.Read(body, RequestTransport.WebSocket);
            var parent = previousResponseId is null ? null : lanes.Find(previousResponseId);
            var prepared = engine.Prepare(request, parent);
            var response = await engine.RunAsync(
                prepared, _cache, new SocketSink(socket, streamId, connectionLost), cancellationToken);
            if (response.Json.Text("status") == "failed")
            {
                Evict(streamId, previousResponseId);
            }
            else
            {
                lanes.Remember(streamId, response);
            }
        }
        catch (RequestRejectedException rejected)
        {
            Evict(streamId, previousResponseId);
            await new SocketSink(socket, streamId: null, connectionLost)
                .SendAsync(rejected.Error.ToSocketEvent(streamId), cancellationToken);
        }
    }

    private void Evict(string? streamId, string? previousResponseId)
    {
        if (previousResponseId is not null)
        {
            lanes.Evict(streamId, previousResponseId);
        }
    }

    private static JsonElement ReadBody(SocketMessage message)
    {
        if (message.Kind == SocketMessageKind.Binary)
        {
            throw Invalid("Only text messages are accepted.", param: null);
        }

        JsonElement body;
        try
        {
            using var document = JsonDocument.Parse(message.Bytes);
            body = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw Invalid("The message could not be parsed as JSON.", param: null);
        }

        if (body.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("The message must be a JSON object.", param: null);
        }

        return body.Text("type") switch
        {
            "response.create" => body,
            null => throw Invalid("Missing required parameter: 'type'.", "type"),
            var type => throw Invalid($"Invalid value: '{type}'. Supported values are: 'response.create'.", "type"),
        };
    }

    private static string? ReadStreamId(JsonElement body)
    {
        if (body.Member("stream_id") is not { } member)
        {
            return null;
        }

        if (member.ValueKind == JsonValueKind.String && StreamIdPattern().IsMatch(member.GetString()!))
        {
            return member.GetString();
        }

        throw new RequestRejectedException(ApiError.Invalid(
            "The 'stream_id' field must be a non-empty string with at most 256 characters and may only contain letters, numbers, underscores, hyphens, and periods.",
            "stream_id",
            "invalid_stream_id"));
    }

    private static RequestRejectedException Invalid(string message, string? param) =>
        new(ApiError.Invalid(message, param, code: null));

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,256}\z")]
    private static partial Regex StreamIdPattern();
}
