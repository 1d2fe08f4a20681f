using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Storing;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>
/// Messages to a response while it is being generated (protocol §2.5). They end it at the next boundary between two items, or follow it;
/// if it has called tools they wait for the request with their outputs. A connection's messages are lost with it.
/// </summary>
internal sealed class Steering
{
    private const int MaxPending = 8;
    private const int MaxEnded = 256;

    private static readonly string[] s_fields = ["type", "previous_response_id", "input"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SteeredResponse> _active = [];
    private readonly Queue<string> _ended = [];
    private readonly Dictionary<string, ImmutableArray<ConversationItem>> _waiting = [];

    /// <summary>Whether a model can be steered: the family the API names, and any demo model with it in its name.</summary>
    public static bool Supports(string model) =>
        model.StartsWith("gpt-6", StringComparison.Ordinal) || model.Contains("steerable", StringComparison.Ordinal);

    /// <summary>A response that can be steered from its <c>response.created</c> on.</summary>
    public SteeredResponse Begin(CreateRequest request, string? streamId) => new(this, request, streamId);

    /// <summary>The request, with the waiting messages before its own input.</summary>
    public CreateRequest Prepend(CreateRequest request)
    {
        lock (_lock)
        {
            return request.PreviousResponseId is { } id && _waiting.Remove(id, out var messages)
                ? request with { Input = messages.AddRange(request.Input) }
                : request;
        }
    }

    /// <summary>Accepts a steer message, or reports why not.</summary>
    public async Task AcceptAsync(JsonElement body, Func<string?, IEventSink> sinkOf, CancellationToken cancellationToken)
    {
        var steer = new JsonObject { ["previous_response_id"] = body.Text("previous_response_id") };
        SteeredResponse? response = null;
        try
        {
            var messages = MessagesOf(body);
            response = Find(body.Text("previous_response_id")!);
            steer["id"] = ApiIds.Steer();
            lock (_lock)
            {
                response.Add(steer, messages);
            }

            await response.Numbers.SendAsync(
                sinkOf(response.StreamId), Event("accepted", steer), cancellationToken);
        }
        catch (RequestRejectedException rejected)
        {
            steer["input"] = body.Member("input") is { } input ? JsonText.ToNode(input) : null;
            await new EventNumbers().SendAsync(sinkOf(response?.StreamId), Failed(steer, rejected.Error), cancellationToken);
        }
    }

    /// <summary>The request that follows a steered response on its own, or null.</summary>
    public async Task<CreateRequest?> SuccessorAsync(
        SteeredResponse steered, CreateRequest request, StoredResponse response, IEventSink sink, CancellationToken cancellationToken)
    {
        if (steered.Messages.Length == 0)
        {
            return null;
        }

        if (response.Json.Text("status") == "failed")
        {
            foreach (var steer in steered.Steers)
            {
                await steered.Numbers.SendAsync(
                    sink, Failed(steer, Rejected("successor_creation_failed", "The response failed, so nothing can follow it.").Error), cancellationToken);
            }

            return null;
        }

        var calls = response.Output.Where(item => item.Type == "function_call").ToList();
        if (calls.Count == 0)
        {
            return request with { PreviousResponseId = response.Id, Input = steered.Messages, Fault = null };
        }

        lock (_lock)
        {
            _waiting[response.Id] = steered.Messages;
        }

        foreach (var steer in steered.Steers)
        {
            await steered.Numbers.SendAsync(sink, Pending(steer, calls), cancellationToken);
        }

        return null;
    }

    internal void Started(string id, SteeredResponse response)
    {
        lock (_lock)
        {
            _active[id] = response;
        }
    }

    internal void Ended(string id)
    {
        lock (_lock)
        {
            _active.Remove(id);
            _ended.Enqueue(id);
            if (_ended.Count > MaxEnded)
            {
                _ended.Dequeue();
            }
        }
    }

    private SteeredResponse Find(string id)
    {
        lock (_lock)
        {
            if (!_active.TryGetValue(id, out var response))
            {
                throw _ended.Contains(id)
                    ? Rejected("response_already_completed", $"Response '{id}' has already completed.")
                    : Rejected("response_not_found", $"Response with id '{id}' not found.");
            }

            if (!response.CanBeSteered)
            {
                throw Rejected("steering_not_supported", "This response cannot be steered.");
            }

            return response.Steers.Count < MaxPending
                ? response
                : throw Rejected("too_many_pending_steers", $"At most {MaxPending} steers can wait for one response.");
        }
    }

    private static ImmutableArray<ConversationItem> MessagesOf(JsonElement body)
    {
        foreach (var member in body.EnumerateObject().Where(member => !s_fields.Contains(member.Name)))
        {
            throw Rejected("invalid_input", $"Unknown parameter: '{member.Name}'.");
        }

        if (body.Text("previous_response_id") is not { Length: > 0 })
        {
            throw Rejected("invalid_input", "Missing required parameter: 'previous_response_id'.");
        }

        switch (body.Member("input"))
        {
            case { ValueKind: JsonValueKind.String } text when text.GetString()!.Length > 0:
                return [InputItems.UserMessage(text.GetString()!)];
            case { ValueKind: JsonValueKind.Array } items when items.GetArrayLength() > 0:
                return items.EnumerateArray().All(item => item.Text("role") == "user" && item.Member("content") is not null)
                    ? [.. items.EnumerateArray().Select(InputItems.Read)]
                    : throw Rejected("invalid_input", "Only messages of the user can steer a response.");
            default:
                throw Rejected("invalid_input", "'input' must be a text or a list of user messages, and not empty.");
        }
    }

    private static JsonObject Event(string kind, JsonObject steer) => new()
    {
        ["type"] = $"response.steer.{kind}",
        ["sequence_number"] = null,
        ["steer"] = steer.DeepClone(),
    };

    private static JsonObject Pending(JsonObject steer, IEnumerable<ConversationItem> calls)
    {
        var pending = Event("pending", steer);
        pending["reason"] = "waiting_for_required_input";
        pending["required_input"] = new JsonArray([.. calls.Select(call => new JsonObject
        {
            ["type"] = "function_call_output",
            ["call_id"] = call.CallId,
            ["name"] = call.Name,
        })]);
        return pending;
    }

    private static JsonObject Failed(JsonObject steer, ApiError error)
    {
        var failed = Event("failed", steer);
        failed["error"] = new JsonObject
        {
            ["type"] = error.Type,
            ["code"] = error.Code,
            ["message"] = error.Message,
        };
        return failed;
    }

    private static RequestRejectedException Rejected(string code, string message) => new(ApiError.Invalid(message, null, code));
}
