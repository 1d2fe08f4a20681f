using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Copilot.Domain.Responses.Events.Output;

/// <summary>Edits a JSON object member by member. All other bytes stay as they are.</summary>
internal static class JsonMembers
{
    /// <summary>A string as JSON, quotes included.</summary>
    public static byte[] Quote(string text) =>
        [(byte)'"', .. JsonEncodedText.Encode(JsonHalves.Replace(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];

    /// <summary>The value of a member, or the empty range.</summary>
    public static JsonRange Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var members = new JsonMemberReader(json);
        while (members.Next())
        {
            if (members.IsObject && members.Name.SequenceEqual(name))
            {
                return members.Value;
            }
        }

        return default;
    }

    /// <summary>How many members an object has.</summary>
    public static int Count(ReadOnlySpan<byte> json)
    {
        var count = 0;
        var members = new JsonMemberReader(json);
        while (members.Next())
        {
            count++;
        }

        return count;
    }

    /// <summary>True for one whole object and nothing else.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> json)
    {
        var members = new JsonMemberReader(json);
        while (members.Next())
        {
        }

        return members.IsObject && members.IsWhole;
    }

    /// <summary>True for a value that says nothing: null, an empty string, array or object.</summary>
    public static bool IsEmpty(JsonRange value, ReadOnlySpan<byte> json)
    {
        if (!value.HasValue)
        {
            return true;
        }

        var bytes = value.Of(json);
        return value.Kind switch
        {
            JsonTokenType.String => bytes.Length == 2,
            JsonTokenType.StartArray or JsonTokenType.StartObject => bytes[1..^1].Trim(" \t\r\n"u8).IsEmpty,
            _ => false,
        };
    }

    /// <summary>The object with one member set, at its place or at the end.</summary>
    /// <param name="json">An object.</param>
    /// <param name="name">The member.</param>
    /// <param name="value">Its value as JSON.</param>
    public static ReadOnlyMemory<byte> Set(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var span = json.Span;
        var buffer = new ArrayBufferWriter<byte>(span.Length + value.Length + name.Length + 8);
        var found = Find(span, name);
        if (found.Kind is not JsonTokenType.None)
        {
            buffer.Write(span[..found.Start]);
            buffer.Write(value);
            buffer.Write(span[(found.Start + found.Length)..]);
            return buffer.WrittenMemory;
        }

        var inside = span[..span.LastIndexOf((byte)'}')];
        buffer.Write(inside);
        buffer.Write(inside.Trim(" \t\r\n"u8).Length > 1 ? ",\""u8 : "\""u8);
        buffer.Write(name);
        buffer.Write("\":"u8);
        buffer.Write(value);
        buffer.Write("}"u8);
        return buffer.WrittenMemory;
    }
}
