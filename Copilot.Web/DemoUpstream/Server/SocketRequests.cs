using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Copilot.Web.DemoUpstream.Faults;
using Copilot.Web.DemoUpstream.Network;
using Copilot.Web.DemoUpstream.Server.Faults;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>Answers the messages of one connection, one after the other. An error stays in the band: the socket stays open.</summary>
internal sealed partial class SocketRequests(
    SocketLine line,
    Func<IReadOnlyDictionary<string, string>, NetworkLink?> linkOf,
    ResponseEngine engine,
    ConnectionLanes lanes,
    DemoFaults faults,
    TimeProvider time)
{
    private readonly PromptCache _cache = new();
    private readonly ConnectionAge _age = new();

    public async Task AnswerAsync(SocketMessage message, CancellationToken cancellationToken)
    {
        string? streamId = null;
        string? previousResponseId = null;
        var link = linkOf(ImmutableDictionary<string, string>.Empty);
        try
        {
            if (_age.IsOver)
            {
                throw new RequestRejectedException(ApiError.ConnectionLimit());
            }

            var body = ReadBody(message);
            streamId = ReadStreamId(body);
            previousResponseId = body.Text("previous_response_id");
            var request = CreateRequestReader.Read(body, RequestTransport.WebSocket);
            link = linkOf(request.Metadata);
            await ArriveAsync(link, message, cancellationToken);
            if (request.Fault is { } asked && faults.ArmUpgrade(asked, request.FaultScope))
            {
                line.End(SocketEnd.Close(1012, "service restart"));
                await FaultScene.StayAsync(cancellationToken);
            }

            var parent = previousResponseId is null ? null : lanes.Find(previousResponseId);
            var fault = faults.Next(DemoFaultPlace.Response, RequestTransport.WebSocket, request.Fault, request.FaultScope);
            var prepared = engine.Prepare(request, parent, fault);
            var wire = new SocketWire(line, _age, link, streamId);
            var response = await engine.RunAsync(
                prepared, _cache, ResponseFaults.SinkOf(wire, fault, request, time), cancellationToken);
            if (response.Json.Text("status") == "failed")
            {
                Evict(streamId, previousResponseId);
            }
            else
            {
                lanes.Remember(streamId, response);
            }
        }
        catch (ResponseStoppedException)
        {
            Evict(streamId, previousResponseId);
        }
        catch (RequestRejectedException rejected)
        {
            Evict(streamId, previousResponseId);
            await new SocketWire(line, _age, link, streamId: null)
                .SendAsync(rejected.Error.ToSocketEvent(streamId), cancellationToken);
        }
    }

    private static Task ArriveAsync(NetworkLink? link, SocketMessage message, CancellationToken cancellationToken) => link is null
        ? Task.CompletedTask
        : link.UntilAsync(
            link.RequestArrival(message.ReadAt, message.Bytes.Length + NetworkLink.FrameBytes, upgraded: true), cancellationToken);

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
