using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Model;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Answering;

/// <summary>
/// Sends output items with all their events in the order of protocol §3.4. Every method returns the finished item and
/// whether it fitted into the response; one that did not is marked incomplete.
/// </summary>
internal sealed partial class OutputItems(ResponseEmitter emitter)
{
    private int _outputIndex = -1;

    public async Task<SentItem> SendReasoningAsync(
        string thought,
        bool summarize,
        bool encrypt,
        CancellationToken cancellationToken)
    {
        var index = ++_outputIndex;
        var id = ApiIds.Reasoning();
        var item = new JsonObject { ["id"] = id, ["type"] = "reasoning", ["summary"] = new JsonArray() };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);

        var whole = true;
        if (summarize)
        {
            JsonObject Fields() => new() { ["item_id"] = id, ["output_index"] = index, ["summary_index"] = 0 };
            JsonObject Part(string text) => new() { ["type"] = "summary_text", ["text"] = text };
            await emitter.SendAsync(
                "response.reasoning_summary_part.added", With(Fields(), "part", Part(string.Empty)), cancellationToken);
            var text = await emitter.StreamAsync(
                "response.reasoning_summary_text.delta", Fields(), thought, reasoning: true, cancellationToken);
            whole = text.Length == thought.Length;
            await emitter.SendAsync("response.reasoning_summary_text.done", With(Fields(), "text", text), cancellationToken);
            await emitter.SendAsync("response.reasoning_summary_part.done", With(Fields(), "part", Part(text)), cancellationToken);
            item["summary"] = new JsonArray(Part(text));
        }

        if (encrypt)
        {
            item["encrypted_content"] = ReasoningSeal.Make();
        }

        if (!whole)
        {
            item["status"] = "incomplete";
        }

        await emitter.SendItemAsync("response.output_item.done", index, item, cancellationToken);
        return new SentItem(item, whole);
    }

    public async Task<SentItem> SendCompactionAsync(JsonObject compaction, CancellationToken cancellationToken)
    {
        var index = ++_outputIndex;
        var begun = new JsonObject { ["id"] = (string?)compaction["id"], ["type"] = Compaction.ItemType };
        await emitter.SendItemAsync("response.output_item.added", index, begun, cancellationToken);
        await emitter.SendAsync(
            "response.compaction.compacting",
            new JsonObject { ["item_id"] = (string?)compaction["id"], ["output_index"] = index },
            cancellationToken);
        await emitter.SendItemAsync("response.output_item.done", index, compaction, cancellationToken);
        return new SentItem(compaction, Whole: true);
    }

    public async Task<SentItem> SendCallAsync(PlannedCall call, CancellationToken cancellationToken)
    {
        var index = ++_outputIndex;
        var id = ApiIds.FunctionCall();
        var arguments = JsonText.Write(call.Arguments);
        var item = new JsonObject
        {
            ["id"] = id,
            ["type"] = "function_call",
            ["status"] = "in_progress",
            ["arguments"] = string.Empty,
            ["call_id"] = ApiIds.Call(),
            ["name"] = call.Name,
        };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);

        JsonObject Fields() => Place(id, index);
        var sent = await emitter.StreamAsync(
            "response.function_call_arguments.delta", Fields(), arguments, reasoning: false, cancellationToken);
        var whole = sent.Length == arguments.Length;
        await emitter.SendAsync(
            "response.function_call_arguments.done", With(Fields(), "arguments", sent), cancellationToken);

        item["arguments"] = sent;
        return await DoneAsync(index, item, whole, cancellationToken);
    }

    public async Task<SentItem> SendMessageAsync(PlannedMessage message, CancellationToken cancellationToken)
    {
        var (id, index, item) = await AddMessageAsync(cancellationToken);
        JsonObject Fields() => With(Place(id, index), "content_index", 0);
        var annotations = new JsonArray();
        JsonObject Part(string text) => new()
        {
            ["type"] = "output_text",
            ["text"] = text,
            ["annotations"] = annotations.DeepClone(),
            ["logprobs"] = new JsonArray(),
        };
        await emitter.SendAsync("response.content_part.added", With(Fields(), "part", Part(string.Empty)), cancellationToken);
        var text = await emitter.StreamAsync(
            "response.output_text.delta", Fields(), message.Text, reasoning: false, cancellationToken);
        var whole = text.Length == message.Text.Length;
        var characters = text.EnumerateRunes().Count();
        foreach (var annotation in message.Annotations.Where(one => one.End <= characters))
        {
            annotations.Add(annotation.Json.DeepClone());
            await emitter.SendAsync(
                "response.output_text.annotation.added",
                With(With(Fields(), "annotation_index", annotations.Count - 1), "annotation", annotation.Json.DeepClone()),
                cancellationToken);
        }

        await emitter.SendAsync(
            "response.output_text.done",
            With(With(Fields(), "text", text), "logprobs", new JsonArray()),
            cancellationToken);
        await emitter.SendAsync("response.content_part.done", With(Fields(), "part", Part(text)), cancellationToken);
        item["content"] = new JsonArray(Part(text));
        return await DoneAsync(index, item, whole, cancellationToken);
    }

    private async Task<(string Id, int Index, JsonObject Item)> AddMessageAsync(CancellationToken cancellationToken)
    {
        var index = ++_outputIndex;
        var id = ApiIds.Message();
        var item = new JsonObject
        {
            ["id"] = id,
            ["type"] = "message",
            ["status"] = "in_progress",
            ["role"] = "assistant",
            ["content"] = new JsonArray(),
        };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);
        return (id, index, item);
    }

    private static JsonObject With(JsonObject fields, string name, JsonNode value)
    {
        fields[name] = value;
        return fields;
    }
}

/// <summary>An output item as it ended.</summary>
internal sealed record SentItem(JsonObject Json, bool Whole);
