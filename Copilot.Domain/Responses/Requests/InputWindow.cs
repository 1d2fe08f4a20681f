using System.Text.Json;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Requests;

/// <summary>What of a whole conversation has to be sent in full: from the newest compaction on, which stands for all before it.</summary>
/// <remarks>
/// Source: the API's guide on compaction: items before the most recent compaction item may be dropped. Not where an output would lose
/// the call that it answers: then all is sent, which is never wrong.
/// </remarks>
public static class InputWindow
{
    /// <summary>The items to send.</summary>
    public static IReadOnlyList<InputItem> Of(IReadOnlyList<InputItem> whole)
    {
        ArgumentNullException.ThrowIfNull(whole);
        for (var first = whole.Count - 1; first > 0; first--)
        {
            if (whole[first].BeginsAnew)
            {
                return IsPaired(whole, first) ? [.. whole.Skip(first)] : whole;
            }
        }

        return whole;
    }

    /// <summary>How many messages of people stand at the end, after everything the model did.</summary>
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

    private static bool IsPaired(IReadOnlyList<InputItem> whole, int first)
    {
        var calls = new HashSet<string>();
        for (var index = first; index < whole.Count; index++)
        {
            var (type, callId, _) = Read(whole[index]);
            if (type == "mcp_approval_response")
            {
                // What it answers may stand before.
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
