using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Timeline.Items;

/// <summary>The bytes that an <see cref="ImageRef"/> stands for. What they are is decided by how they begin, never by what was said.</summary>
/// <param name="ContentType"><c>image/png</c>, <c>image/jpeg</c>, <c>image/webp</c> or <c>image/gif</c>.</param>
/// <param name="Extension">For a file name.</param>
/// <param name="Bytes">The image.</param>
public sealed record EventImage(string ContentType, string Extension, byte[] Bytes)
{
    /// <summary>Reads an image out of an event of the upstream; null where there is none that can be shown.</summary>
    /// <param name="e">The event.</param>
    /// <param name="place">Which item of a terminal response; null for the event's own item or a partial image.</param>
    /// <param name="index">Which of the item's images, from 0.</param>
    public static EventImage? Find(RunEvent e, int? place, int index)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Source is not EventSource.Upstream || e.IsErased)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(e.Data);
            return Base64Of(document.RootElement, place, index) is { } text ? Decode(text) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement? Base64Of(JsonElement root, int? place, int index)
    {
        if (place is { } number)
        {
            var output = Member(Member(root, "response"), "output");
            return output.ValueKind is JsonValueKind.Array && number < output.GetArrayLength() ? OfItem(output[number], index) : null;
        }

        return Member(root, "partial_image_b64") is { ValueKind: JsonValueKind.String } partial
            ? index == 0 ? partial : null
            : OfItem(Member(root, "item"), index);
    }

    private static JsonElement? OfItem(JsonElement item, int index)
    {
        if (Member(item, "result") is { ValueKind: JsonValueKind.String } result)
        {
            return index == 0 ? result : null;
        }

        if (Member(Member(item, "output"), "image_url") is { ValueKind: JsonValueKind.String } screen)
        {
            return index == 0 ? screen : null;
        }

        var outputs = Member(item, "outputs");
        return outputs.ValueKind is JsonValueKind.Array
            && outputs.EnumerateArray()
                .Where(output => Member(output, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("image"u8))
                .Skip(index).FirstOrDefault() is var found
            && Member(found, "url") is { ValueKind: JsonValueKind.String } url
                ? url
                : null;
    }

    private static EventImage? Decode(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        if (raw.Contains((byte)'\\'))
        {
            // Some writers escape characters of base64 that JSON would not have to.
            raw = Encoding.UTF8.GetBytes(text.GetString()!);
        }

        if (raw.StartsWith("data:"u8))
        {
            var start = raw.IndexOf(";base64,"u8);
            if (start < 0)
            {
                return null;
            }

            raw = raw[(start + ";base64,"u8.Length)..];
        }

        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(raw.Length)];
        if (Base64.DecodeFromUtf8(raw, bytes, out _, out var written) is not System.Buffers.OperationStatus.Done
            || Kind(bytes.AsSpan(0, written)) is not { } kind)
        {
            return null;
        }

        return new EventImage(kind.ContentType, kind.Extension, written == bytes.Length ? bytes : bytes[..written]);
    }

    private static (string ContentType, string Extension)? Kind(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ("image/png", "png"),
        [0xFF, 0xD8, 0xFF, ..] => ("image/jpeg", "jpg"),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ("image/gif", "gif"),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ("image/webp", "webp"),
        _ => null,
    };

    private static JsonElement Member(JsonElement element, string property) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(property, out var value) ? value : default;
}
