using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>
/// Turns a long conversation into one item (protocol §2.8) and back. The item is opaque to the client: the conversation with long tool
/// outputs shortened, compressed and with a checksum. It remains valid across restarts, as the real one does.
/// </summary>
internal static class Compaction
{
    public const string ItemType = "compaction";

    private const int MaxOutputLength = 400;
    private const int ChecksumLength = 16;

    /// <summary>An item that stands for the whole conversation.</summary>
    public static JsonObject Make(IEnumerable<ConversationItem> conversation)
    {
        var retained = new JsonArray();
        foreach (var item in Expand([.. conversation]))
        {
            // Reasoning is discarded after its turn.
            if (item.Type != "reasoning")
            {
                retained.Add(Shortened(item));
            }
        }

        return new JsonObject
        {
            ["id"] = ApiIds.Compaction(),
            ["type"] = ItemType,
            ["encrypted_content"] = Seal(JsonText.WriteBytes(retained)),
        };
    }

    /// <summary>What the model reads: from the last compaction on, with its content expanded.</summary>
    /// <exception cref="RequestRejectedException">The content of a compaction was changed.</exception>
    public static ImmutableArray<ConversationItem> Expand(ImmutableArray<ConversationItem> conversation)
    {
        for (var index = conversation.Length - 1; index >= 0; index--)
        {
            if (conversation[index].Type == ItemType)
            {
                return [.. Open(conversation[index]), .. conversation[(index + 1)..]];
            }
        }

        return conversation;
    }

    private static JsonObject Shortened(ConversationItem item)
    {
        var json = JsonText.ToNode(item.Json)!.AsObject();
        json.Remove("id");
        if (!item.Files.IsEmpty && json["content"] is JsonArray parts)
        {
            // Images and files are described, not stored.
            json["content"] = new JsonArray([.. parts.Select(part => ReceivedFile.Of(JsonText.ToElement(part!)) is { } file
                ? new JsonObject { ["type"] = "input_text", ["text"] = $"(A file was attached: {file.Name ?? file.MediaType})" }
                : part!.DeepClone())]);
        }

        if (item.Output is { Length: > MaxOutputLength } output)
        {
            json["output"] = output[..MaxOutputLength];
        }

        return json;
    }

    private static string Seal(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var packing = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(content);
        }

        return Convert.ToBase64String([.. packed.ToArray(), .. SHA256.HashData(packed.ToArray()).AsSpan(0, ChecksumLength)]);
    }

    private static IEnumerable<ConversationItem> Open(ConversationItem item)
    {
        var bytes = new byte[item.Json.Text("encrypted_content")?.Length ?? 0];
        if (!Convert.TryFromBase64String(item.Json.Text("encrypted_content") ?? string.Empty, bytes, out var length)
            || length <= ChecksumLength
            || !SHA256.HashData(bytes.AsSpan(0, length - ChecksumLength)).AsSpan(0, ChecksumLength)
                .SequenceEqual(bytes.AsSpan(length - ChecksumLength, ChecksumLength)))
        {
            throw new RequestRejectedException(ApiError.Invalid(
                $"The encrypted content for item {item.Id} could not be verified.", "input", "invalid_encrypted_content"));
        }

        using var unpacking = new BrotliStream(new MemoryStream(bytes, 0, length - ChecksumLength), CompressionMode.Decompress);
        using var document = JsonDocument.Parse(unpacking);
        return [.. document.RootElement.EnumerateArray().Select(element => ConversationItem.From(element.Clone()))];
    }
}
