using System.Text.Json;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Requests;

/// <summary>The part of a conversation that must be sent: from the newest compaction on, which replaces everything before it.</summary>
/// <remarks>
/// Source: the API's guide on compaction: items before the most recent compaction item may be dropped. Where an output would lose the
/// call it answers, everything is sent, which is always correct.
/// </remarks>
public static class InputWindow
{
    /// <summary>The items to send.</summary>
    public static IReadOnlyList<InputItem> Of(IReadOnlyList<InputItem> whole)
    {
        ArgumentNullException.ThrowIfNull(whole);
        for (var first = whole.Count - 1; first > 0; first--)
        {
            if (whole[first].StartsWindow)
            {
                return IsPaired(whole, first) ? [.. whole.Skip(first)] : whole;
            }
        }

        return whole;
    }

    /// <summary>How many user messages are at the end, after all model output.</summary>
    public static int TrailingMessages(IReadOnlyList<InputItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var count = 0;
        while (count < items.Count && Read(items[^(count + 1)]) is { Type: "message", Role: "user" })
        {
            count++;
        }

        return count;
    }

    /// <summary>The API's type of an item.</summary>
    internal static string TypeOf(InputItem item) => Read(item).Type;

    private static bool IsPaired(IReadOnlyList<InputItem> whole, int first)
    {
        var calls = new HashSet<string>();
        for (var index = first; index < whole.Count; index++)
        {
            var (type, callId, _) = Read(whole[index]);
            if (type == "mcp_approval_response")
            {
                // The request it answers may come before the window.
                return false;
            }

            if (callId is null)
            {
                continue;
            }

            if (!type.EndsWith("_output", StringComparison.Ordinal))
            {
                calls.Add(callId);
            }
            else if (!calls.Contains(callId))
            {
                return false;
            }
        }

        return true;
    }

    private static (string Type, string? CallId, string? Role) Read(InputItem item)
    {
        var (type, callId, role) = ("", (string?)null, (string?)null);
        var reader = new Utf8JsonReader(item.Json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueTextEquals("type"u8) ? 't' : reader.ValueTextEquals("call_id"u8) ? 'c' : reader.ValueTextEquals("role"u8) ? 'r' : ' ';
            reader.Read();
            if (name != ' ' && reader.TokenType == JsonTokenType.String)
            {
                var text = JsonRange.Text(in reader);
                (type, callId, role) = (name == 't' ? text : type, name == 'c' ? text : callId, name == 'r' ? text : role);
            }

            reader.Skip();
        }

        return (type, callId, role);
    }
}
