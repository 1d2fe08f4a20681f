using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Storing;

namespace Copilot.Demo.Upstream.Protocol;

/// <summary>The items of a request's input. Unknown item types are stored and passed on unread.</summary>
internal static class InputItems
{
    private static readonly HashSet<string> s_roles = ["user", "assistant", "system", "developer"];

    public static ConversationItem UserMessage(string text) => ConversationItem.From(JsonText.ToElement(new JsonObject
    {
        ["type"] = "message",
        ["role"] = "user",
        ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = text }),
    }));

    public static ConversationItem Read(JsonElement json, int index)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Invalid($"Invalid type for 'input[{index}]': expected an input item.", $"input[{index}]", "invalid_type");
        }

        var item = ConversationItem.From(json);
        switch (item.Type)
        {
            case "message":
                if (item.Role is null || !s_roles.Contains(item.Role))
                {
                    throw Invalid(
                        $"Invalid value: '{item.Role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
                        $"input[{index}].role",
                        "invalid_value");
                }

                Require(json, index, "content");
                InputParts.Check(json.Member("content"), $"input[{index}].content");
                break;
            case "function_call":
                Require(json, index, "call_id");
                Require(json, index, "name");
                Require(json, index, "arguments");
                break;
            case "function_call_output" or "custom_tool_call_output":
                Require(json, index, "call_id");
                Require(json, index, "output");
                InputParts.Check(json.Member("output"), $"input[{index}].output");
                break;
            case ToolPairing.ApprovalResponse:
                Require(json, index, ToolPairing.ApprovalRequestId);
                Require(json, index, "approve");
                break;
            case ItemReferences.ItemType:
                Require(json, index, "id");
                break;
        }

        return item;
    }

    private static void Require(JsonElement json, int index, string name)
    {
        if (json.Member(name) is null)
        {
            throw Invalid(
                $"Missing required parameter: 'input[{index}].{name}'.",
                $"input[{index}].{name}",
                "missing_required_parameter");
        }
    }

    private static RequestRejectedException Invalid(string message, string param, string code) =>
        new(ApiError.Invalid(message, param, code));
}
