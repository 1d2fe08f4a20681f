using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Copilot.Domain.Responses.Requests;

/// <summary>
/// A user's message with files: text first, then each file in its order, as <c>input_image</c> or <c>input_file</c>. The item is
/// made from references; their content is filled in when a request is planned.
/// </summary>
internal static class InputMessage
{
    /// <summary>A message that names its files without carrying them.</summary>
    public static InputItem Of(string text, IReadOnlyList<MessageFile> files) =>
        files.Count == 0
            ? InputItem.UserMessage(text)
            : (text.Length > 0 ? InputItem.UserMessage(text) : new InputItem("""{"type":"message","role":"user","content":[]}"""u8.ToArray())) with { Files = files };

    /// <summary>
    /// The message with its files: each becomes a part; a file whose content is missing becomes a sentence that says so. The same
    /// contents give the same bytes.
    /// </summary>
    /// <param name="item">Made by <see cref="Of"/>.</param>
    /// <param name="contentOf">A file's content, or null when it is gone.</param>
    public static InputItem WithContents(InputItem item, Func<MessageFile, InputContent?> contentOf)
    {
        if (item.Files.Count == 0)
        {
            return item;
        }

        var json = new ArrayBufferWriter<byte>(item.Json.Length + (256 * item.Files.Count));
        var slots = new List<InputSlot>();
        var end = "]}"u8;
        json.Write(item.Json.Span[..^end.Length]);
        var first = item.Json.Span[^(end.Length + 1)] == (byte)'[';
        foreach (var file in item.Files)
        {
            json.Write(first ? ""u8 : ","u8);
            first = false;
            WritePart(json, slots, file, contentOf(file));
        }

        json.Write(end);
        return new InputItem(json.WrittenMemory) { Contents = slots };
    }

    private static void WritePart(ArrayBufferWriter<byte> json, List<InputSlot> slots, MessageFile file, InputContent? content)
    {
        if (content is null || file.IsRefused)
        {
            json.Write("""{"type":"input_text","text":"(The file """u8);
            json.Write(Escaped($"\"{file.Name}\" ({file.Size.ToString(CultureInfo.InvariantCulture)} bytes)"));
            json.Write(file.IsRefused
                ? """ that was attached here cannot be read by the model.)"}"""u8
                : """ that was attached here is no longer available.)"}"""u8);
            return;
        }

        if (file.IsImage)
        {
            json.Write("""{"type":"input_image","image_url":"data:"""u8);
        }
        else
        {
            json.Write("{\"type\":\"input_file\",\"filename\":\""u8);
            json.Write(Escaped(file.Name));
            json.Write("\",\"file_data\":\"data:"u8);
        }

        json.Write(Escaped(file.Type));
        json.Write(";base64,"u8);
        slots.Add(new InputSlot(json.WrittenCount, content));
        json.Write(file.IsImage ? "\",\"detail\":\"auto\"}"u8 : "\"}"u8);
    }

    private static ReadOnlySpan<byte> Escaped(string text) =>
        Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text));
}
