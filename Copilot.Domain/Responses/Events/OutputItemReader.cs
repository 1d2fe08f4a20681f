using System.Text;
using System.Text.Json;

namespace Copilot.Domain.Responses.Events;

/// <summary>Reads output items and their parts.</summary>
internal static class OutputItemReader
{
    // A name is shown, an id is written beside each of a call's events. No upstream has longer ones that mean anything.
    private const int LongestName = 200;
    private const int LongestId = 500;

    /// <summary>So many items of one response are read; nobody makes more, and each is looked for among the others.</summary>
    private const int MostItems = 2_000;

    /// <summary>Reads one item from its JSON object, which the item references.</summary>
    public static OutputItem Read(ReadOnlyMemory<byte> json)
    {
        json = JsonHalves.Replace(json);
        var span = json.Span;
        JsonRange id = default, type = default, status = default, callId = default, name = default, arguments = default, phase = default;
        JsonRange content = default, summary = default;
        var members = new JsonMemberReader(span);
        while (members.Next())
        {
            var member = members.Name;
            if (member.SequenceEqual("id"u8))
            {
                id = members.Value;
            }
            else if (member.SequenceEqual("type"u8))
            {
                type = members.Value;
            }
            else if (member.SequenceEqual("status"u8))
            {
                status = members.Value;
            }
            else if (member.SequenceEqual("call_id"u8))
            {
                callId = members.Value;
            }
            else if (member.SequenceEqual("name"u8))
            {
                name = members.Value;
            }
            else if (member.SequenceEqual("arguments"u8) || member.SequenceEqual("input"u8))
            {
                arguments = members.Value;
            }
            else if (member.SequenceEqual("phase"u8))
            {
                phase = members.Value;
            }
            else if (member.SequenceEqual("content"u8))
            {
                content = members.Value;
            }
            else if (member.SequenceEqual("summary"u8))
            {
                summary = members.Value;
            }
        }

        // Some servers write a content as other APIs have it: as the text itself.
        var (text, refusal) = content.Kind is JsonTokenType.String ? (content.Text(span)!, null) : Join(content.Of(span), separator: "");
        if (text.Length == 0)
        {
            // Each part of a summary is a separate paragraph.
            (text, _) = Join(summary.Of(span), separator: "\n\n");
        }

        return new OutputItem
        {
            Id = Usable(id.Text(span)),
            Type = type.Kind is JsonTokenType.String ? Short(type.Text(span)!) : "",
            Status = status.Text(span),
            CallId = Usable(callId.Text(span)),
            Name = name.Text(span) is { Length: > 0 } called ? Short(called) : null,
            Arguments = arguments.Kind is JsonTokenType.StartObject or JsonTokenType.StartArray
                // Not as the API has it, but clear.
                ? Encoding.UTF8.GetString(arguments.Of(span))
                : arguments.Text(span),
            Phase = phase.Text(span),
            Text = text,
            Refusal = refusal,
            Json = json,
        };
    }

    /// <summary>Reads the items of an <c>output</c> array.</summary>
    public static IReadOnlyList<OutputItem> ReadAll(ReadOnlyMemory<byte> array)
    {
        if (array.IsEmpty || array.Span[0] != (byte)'[')
        {
            return [];
        }

        var items = new List<OutputItem>();
        var members = new JsonMemberReader(array.Span);
        while (items.Count < MostItems && members.Next())
        {
            if (members.Value.Kind == JsonTokenType.StartObject)
            {
                items.Add(Read(members.Value.Of(array)));
            }
        }

        return items;
    }

    /// <summary>Reads one content or summary part; a missing one is empty.</summary>
    public static (string Type, string Text) ReadPart(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            return ("", "");
        }

        JsonRange type = default, text = default;
        var members = new JsonMemberReader(json);
        while (members.Next())
        {
            var member = members.Name;
            if (member.SequenceEqual("type"u8))
            {
                type = members.Value;
            }
            else if (member.SequenceEqual("text"u8) || member.SequenceEqual("refusal"u8) || member.SequenceEqual("transcript"u8))
            {
                text = members.Value;
            }
        }

        return (type.Text(json) ?? "", text.Text(json) ?? "");
    }

    private static string? Usable(string? id) => id is { Length: > 0 and <= LongestId } ? id : null;

    private static string Short(string name) =>
        name.Length <= LongestName ? name : name[..(char.IsHighSurrogate(name[LongestName - 1]) ? LongestName - 1 : LongestName)];

    private static (string Text, string? Refusal) Join(ReadOnlySpan<byte> array, string separator)
    {
        if (array.IsEmpty || array[0] != (byte)'[')
        {
            return ("", null);
        }

        string? refusal = null;
        var text = "";
        StringBuilder? joined = null;
        var members = new JsonMemberReader(array);
        while (members.Next())
        {
            var part = ReadPart(members.Value.Of(array));
            if (part.Type == "refusal")
            {
                refusal += part.Text;
            }
            else if (text.Length == 0 && joined is null)
            {
                text = part.Text;
            }
            else if (part.Text.Length > 0)
            {
                joined ??= new StringBuilder(text);
                joined.Append(separator).Append(part.Text);
            }
        }

        return (joined?.ToString() ?? text, refusal);
    }
}
