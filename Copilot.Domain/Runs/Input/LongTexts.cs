using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Input;

/// <summary>
/// Finds texts that are too long to stay in memory for as long as a run, which are images above all. An item keeps the place of such a
/// text in the log, and a request reads it from there while it is sent.
/// </summary>
internal sealed class LongTexts
{
    /// <summary>From this length on (bytes) a text stays in the log.</summary>
    public const int Length = 32 * 1024;

    private readonly Dictionary<string, EventText> _known = [];

    /// <summary>Remembers where an event has long texts. Of two places the shorter event counts: it is read whole.</summary>
    public void Note(RunEvent runEvent)
    {
        if (runEvent.Data.Length < Length)
        {
            return;
        }

        foreach (var (start, length) in Find(runEvent.Data.Span))
        {
            var digest = DigestOf(runEvent.Data.Span.Slice(start, length));
            if (!_known.TryGetValue(digest, out var known) || runEvent.Data.Length < known.Start + known.Length)
            {
                _known[digest] = new EventText(runEvent.RunId, runEvent.Seq, start, length);
            }
        }
    }

    /// <summary>Forgets the places: the response that they belong to has ended.</summary>
    public void Clear() => _known.Clear();

    /// <summary>The item with places instead of long texts, byte for byte the same on the wire.</summary>
    public InputItem Without(InputItem item)
    {
        if (item.Json.Length < Length || _known.Count == 0 || item.Contents.Count > 0)
        {
            return item;
        }

        var json = item.Json.Span;
        var buffer = new ArrayBufferWriter<byte>(1024);
        var slots = new List<InputSlot>();
        var written = 0;
        foreach (var (start, length) in Find(json))
        {
            var digest = DigestOf(json.Slice(start, length));
            if (!_known.TryGetValue(digest, out var text))
            {
                continue;
            }

            buffer.Write(json[written..start]);
            slots.Add(new InputSlot(buffer.WrittenCount, new InputContent(digest, length, NotOpen) { Source = text }));
            written = start + length;
        }

        if (slots.Count == 0)
        {
            return item;
        }

        buffer.Write(json[written..]);
        return item with { Json = buffer.WrittenMemory, Contents = slots };
    }

    /// <summary>The long strings of a JSON document, without their quotes; none where it cannot be read.</summary>
    private static List<(int Start, int Length)> Find(ReadOnlySpan<byte> json)
    {
        var found = new List<(int, int)>();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String && reader.ValueSpan.Length >= Length)
                {
                    found.Add(((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length));
                }
            }
        }
        catch (JsonException)
        {
            // What cannot be read stays where it is.
            return [];
        }

        return found;
    }

    private static string DigestOf(ReadOnlySpan<byte> text) => Convert.ToHexStringLower(SHA256.HashData(text));

    private static Stream NotOpen() => throw new InvalidOperationException("The contents of an item are opened by who plans its request.");
}
