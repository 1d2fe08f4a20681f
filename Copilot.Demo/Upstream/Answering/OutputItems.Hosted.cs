using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Model;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Answering;

/// <summary>The items of tools that this server runs. What a client did not ask to see (<c>include</c>) is left out.</summary>
internal sealed partial class OutputItems
{
    /// <summary>Sends one planned step of any kind.</summary>
    public Task<SentItem> SendAsync(PlannedStep step, CreateRequest request, CancellationToken cancellationToken) => step switch
    {
        PlannedCall call => SendCallAsync(call, cancellationToken),
        PlannedCustomCall call => SendCustomCallAsync(call, cancellationToken),
        PlannedRefusal refusal => SendRefusalAsync(refusal, cancellationToken),
        PlannedWebSearch search => SendWebSearchAsync(search, request, cancellationToken),
        PlannedPage page => SendPageAsync(page, cancellationToken),
        PlannedFileSearch search => SendFileSearchAsync(search, request, cancellationToken),
        PlannedCode code => SendCodeAsync(code, request, cancellationToken),
        PlannedImage image => SendImageAsync(image, cancellationToken),
        PlannedMcpTools tools => SendMcpToolsAsync(tools, cancellationToken),
        PlannedMcpApproval approval => SendMcpApprovalAsync(approval, cancellationToken),
        PlannedMcpCall call => SendMcpCallAsync(call, cancellationToken),
        _ => SendMessageAsync((PlannedMessage)step, cancellationToken),
    };

    private async Task<SentItem> SendCustomCallAsync(PlannedCustomCall call, CancellationToken cancellationToken)
    {
        var index = ++_outputIndex;
        var id = ApiIds.Of("custom_tool_call");
        var item = new JsonObject
        {
            ["id"] = id,
            ["type"] = "custom_tool_call",
            ["status"] = "in_progress",
            ["call_id"] = ApiIds.Call(),
            ["input"] = string.Empty,
            ["name"] = call.Name,
        };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);
        var sent = await emitter.StreamAsync(
            "response.custom_tool_call_input.delta", Place(id, index), call.Input, reasoning: false, cancellationToken);
        await emitter.SendAsync("response.custom_tool_call_input.done", With(Place(id, index), "input", sent), cancellationToken);
        item["input"] = sent;
        return await DoneAsync(index, item, sent.Length == call.Input.Length, cancellationToken);
    }

    private async Task<SentItem> SendRefusalAsync(PlannedRefusal refusal, CancellationToken cancellationToken)
    {
        var (id, index, item) = await AddMessageAsync(cancellationToken);
        JsonObject Fields() => With(Place(id, index), "content_index", 0);
        JsonObject Part(string text) => new() { ["type"] = "refusal", ["refusal"] = text };
        await emitter.SendAsync("response.content_part.added", With(Fields(), "part", Part(string.Empty)), cancellationToken);
        var text = await emitter.StreamAsync("response.refusal.delta", Fields(), refusal.Text, reasoning: false, cancellationToken);
        await emitter.SendAsync("response.refusal.done", With(Fields(), "refusal", text), cancellationToken);
        await emitter.SendAsync("response.content_part.done", With(Fields(), "part", Part(text)), cancellationToken);
        item["content"] = new JsonArray(Part(text));
        return await DoneAsync(index, item, text.Length == refusal.Text.Length, cancellationToken);
    }

    private async Task<SentItem> SendWebSearchAsync(PlannedWebSearch search, CreateRequest request, CancellationToken cancellationToken)
    {
        var action = new JsonObject { ["type"] = "search", ["query"] = search.Query, ["queries"] = new JsonArray(search.Query) };
        if (request.IncludeSources)
        {
            action["sources"] = new JsonArray([.. search.Pages.Select(page => new JsonObject { ["type"] = "url", ["url"] = page })]);
        }

        return await SendWebAsync(action, cancellationToken);
    }

    private Task<SentItem> SendPageAsync(PlannedPage page, CancellationToken cancellationToken) =>
        SendWebAsync(new JsonObject { ["type"] = "open_page", ["url"] = page.Url }, cancellationToken);

    private async Task<SentItem> SendWebAsync(JsonObject action, CancellationToken cancellationToken)
    {
        var (index, id) = (++_outputIndex, ApiIds.Of("web_search_call"));
        var item = new JsonObject { ["id"] = id, ["type"] = "web_search_call", ["status"] = "in_progress" };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);
        await ProgressAsync("web_search_call", id, index, ["in_progress", "searching", "completed"], cancellationToken);
        item["action"] = action;
        return await DoneAsync(index, item, whole: true, cancellationToken);
    }

    private async Task<SentItem> SendFileSearchAsync(PlannedFileSearch search, CreateRequest request, CancellationToken cancellationToken)
    {
        var (index, id) = (++_outputIndex, ApiIds.Of("file_search_call"));
        var item = new JsonObject
        {
            ["id"] = id,
            ["type"] = "file_search_call",
            ["status"] = "in_progress",
            ["queries"] = new JsonArray(),
            ["results"] = null,
        };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);
        await ProgressAsync("file_search_call", id, index, ["in_progress", "searching", "completed"], cancellationToken);
        item["queries"] = new JsonArray(search.Query);
        if (request.IncludeResults)
        {
            item["results"] = new JsonArray([.. search.Hits.Select(hit => new JsonObject
            {
                ["file_id"] = hit.FileId,
                ["filename"] = hit.FileName,
                ["score"] = hit.Score,
                ["text"] = hit.Text,
                ["attributes"] = new JsonObject(),
            })]);
        }

        return await DoneAsync(index, item, whole: true, cancellationToken);
    }

    private async Task<SentItem> SendCodeAsync(PlannedCode code, CreateRequest request, CancellationToken cancellationToken)
    {
        var (index, id) = (++_outputIndex, ApiIds.Of("code_interpreter_call"));
        var item = new JsonObject
        {
            ["id"] = id,
            ["type"] = "code_interpreter_call",
            ["status"] = "in_progress",
            ["code"] = string.Empty,
            ["container_id"] = PlannedCode.Container,
            ["outputs"] = null,
        };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);
        await ProgressAsync("code_interpreter_call", id, index, ["in_progress"], cancellationToken);
        var sent = await emitter.StreamAsync(
            "response.code_interpreter_call_code.delta", Place(id, index), code.Code, reasoning: false, cancellationToken);
        await emitter.SendAsync("response.code_interpreter_call_code.done", With(Place(id, index), "code", sent), cancellationToken);
        item["code"] = sent;
        if (sent.Length < code.Code.Length)
        {
            return await DoneAsync(index, item, whole: false, cancellationToken);
        }

        await ProgressAsync("code_interpreter_call", id, index, ["interpreting", "completed"], cancellationToken);
        if (request.IncludeOutputs)
        {
            var outputs = new JsonArray(new JsonObject { ["type"] = "logs", ["logs"] = code.Logs });
            if (code.Picture is { } picture)
            {
                outputs.Add(new JsonObject { ["type"] = "image", ["url"] = $"data:image/png;base64,{Convert.ToBase64String(picture.Span)}" });
            }

            item["outputs"] = outputs;
        }

        return await DoneAsync(index, item, whole: true, cancellationToken);
    }

    private async Task<SentItem> SendImageAsync(PlannedImage image, CancellationToken cancellationToken)
    {
        var (index, id) = (++_outputIndex, ApiIds.Of("image_generation_call"));
        var item = new JsonObject { ["id"] = id, ["type"] = "image_generation_call", ["status"] = "in_progress", ["result"] = null };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);
        await ProgressAsync("image_generation_call", id, index, ["in_progress", "generating"], cancellationToken);
        var size = $"{image.Size}x{image.Size}";
        for (var number = 0; number < image.Partials.Length; number++)
        {
            await emitter.WorkAsync(cancellationToken);
            var partial = Place(id, index);
            partial["partial_image_index"] = number;
            partial["partial_image_b64"] = Convert.ToBase64String(image.Partials[number].Span);
            partial["output_format"] = "png";
            partial["size"] = size;
            await emitter.SendAsync("response.image_generation_call.partial_image", partial, cancellationToken);
        }

        await emitter.WorkAsync(cancellationToken);
        await ProgressAsync("image_generation_call", id, index, ["completed"], cancellationToken);
        item["background"] = "opaque";
        item["output_format"] = "png";
        item["quality"] = "low";
        item["size"] = size;
        item["revised_prompt"] = image.RevisedPrompt;
        item["result"] = Convert.ToBase64String(image.Picture.Span);
        return await DoneAsync(index, item, whole: true, cancellationToken);
    }

    private async Task<SentItem> SendMcpToolsAsync(PlannedMcpTools tools, CancellationToken cancellationToken)
    {
        var (index, id) = (++_outputIndex, ApiIds.Of("mcp_list_tools"));
        var item = new JsonObject { ["id"] = id, ["type"] = "mcp_list_tools", ["server_label"] = tools.Label, ["tools"] = new JsonArray() };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);
        await ProgressAsync("mcp_list_tools", id, index, ["in_progress", "completed"], cancellationToken);
        item["tools"] = tools.Tools.DeepClone();
        await emitter.SendItemAsync("response.output_item.done", index, item, cancellationToken);
        return new SentItem(item, Whole: true);
    }

    private async Task ProgressAsync(
        string type, string id, int index, IReadOnlyList<string> phases, CancellationToken cancellationToken)
    {
        foreach (var phase in phases)
        {
            if (phase is "completed" && type is "web_search_call" or "file_search_call" or "code_interpreter_call")
            {
                await emitter.WorkAsync(cancellationToken);
            }

            await emitter.SendAsync($"response.{type}.{phase}", Place(id, index), cancellationToken);
        }
    }

    private async Task<SentItem> DoneAsync(int index, JsonObject item, bool whole, CancellationToken cancellationToken)
    {
        item["status"] = whole ? "completed" : "incomplete";
        await emitter.SendItemAsync("response.output_item.done", index, item, cancellationToken);
        return new SentItem(item, whole);
    }

    private static JsonObject Place(string id, int index) => new() { ["item_id"] = id, ["output_index"] = index };
}
