using System.Text.Json;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Input;

/// <summary>A fork may begin with a response of the run that it was forked from: its calls wait to be carried out.</summary>
internal sealed partial class InputFold
{
    private void BeginWith(RunForked forked)
    {
        foreach (var item in forked.Items ?? [])
        {
            _items.Add(new InputItem(item.Utf8));
            if (CallOf(item.Utf8) is { } call)
            {
                _calls.Add(call);
            }
        }

        _calls.Begin();
        foreach (var taken in forked.Outputs ?? [])
        {
            if (taken is { CallId: { } callId, Output: { } output })
            {
                _calls.Answer(callId, output, isOpen: false);
            }
        }
    }

    private static PendingCall? CallOf(ReadOnlyMemory<byte> item)
    {
        using var document = JsonDocument.Parse(item);
        var root = document.RootElement;
        return TextOf(root, "type") switch
        {
            "function_call" => new PendingCall(TextOf(root, "call_id"), TextOf(root, "name"), TextOf(root, "arguments")),
            "custom_tool_call" => new PendingCall(TextOf(root, "call_id"), TextOf(root, "name"), TextOf(root, "input")) { IsFreeText = true },
            _ => null,
        };
    }

    private static string TextOf(JsonElement item, string name) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
