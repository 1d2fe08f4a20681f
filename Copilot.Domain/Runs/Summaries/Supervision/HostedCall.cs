using System.Buffers;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Runs.Summaries.Supervision;

/// <summary>A call of a tool that the upstream runs itself. It is reported after it was made, so nothing can hold it.</summary>
/// <param name="Id">The item's id; empty where a sparse upstream leaves it out.</param>
/// <param name="Tool">The MCP server's tool, or the hosted tool as the API names it in <c>tools</c>: <c>web_search</c>, <c>code_interpreter</c>.</param>
/// <param name="Arguments">What it was called with, as JSON: <c>query</c> of a search, <c>code</c> of the interpreter.</param>
public sealed record HostedCall(string Id, string Tool, string Arguments)
{
    private const string Suffix = "_call";

    // What these tools are given is said in fields of the item.
    private static readonly string[] s_given = ["code", "queries", "revised_prompt", "input"];

    /// <summary>True for the type of an item that is such a call.</summary>
    public static bool IsType(string itemType)
    {
        ArgumentNullException.ThrowIfNull(itemType);
        return itemType.EndsWith(Suffix, StringComparison.Ordinal) && itemType is not ("function_call" or "custom_tool_call");
    }

    /// <summary>The call that an output item is; null for all other items, and for a call that people were asked about before.</summary>
    public static HostedCall? Of(OutputItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (!IsType(item.Type))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(item.Json);
            var root = document.RootElement;
            return root.TryGetProperty("approval_request_id", out var asked) && asked.ValueKind is JsonValueKind.String
                ? null
                : new HostedCall(item.Id ?? "", item.Name ?? item.Type[..^Suffix.Length], item.Arguments ?? ArgumentsOf(root));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new HostedCall(item.Id ?? "", item.Name ?? item.Type[..^Suffix.Length], item.Arguments ?? "");
        }
    }

    private static string ArgumentsOf(JsonElement item)
    {
        if (item.TryGetProperty("action", out var action) && action.ValueKind is JsonValueKind.Object)
        {
            return action.GetRawText();
        }

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var property in item.EnumerateObject().Where(property => s_given.Contains(property.Name)))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.WrittenSpan);
    }
}
