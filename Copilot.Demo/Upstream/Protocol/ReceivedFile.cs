using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Copilot.Demo.Upstream.Answering;

namespace Copilot.Demo.Upstream.Protocol;

/// <summary>An <c>input_image</c> or <c>input_file</c> part as this server reads it, without trusting its claims.</summary>
/// <param name="IsImage">Whether it came as an image.</param>
/// <param name="Name">The file's name, or null.</param>
/// <param name="MediaType">The type in its data URL, or null for a plain address.</param>
/// <param name="Size">Its bytes, 0 for a plain address.</param>
/// <param name="Width">Pixels, read from the image itself; null if not PNG, JPEG, GIF or WebP.</param>
/// <param name="Height">The same.</param>
/// <param name="Beginning">The first lines of a text, or null.</param>
/// <param name="Digest">Equal for equal bytes.</param>
internal sealed record ReceivedFile(
    bool IsImage, string? Name, string? MediaType, long Size, int? Width, int? Height, string? Beginning, string Digest)
{
    // A multiple of three, so that no group of base64 is cut.
    private const int HeadBytes = 192 * 1024;
    private const int MaxLines = 3;
    private const int MaxLineLength = 120;

    // What the real one counts for an image of high detail, and about what a page of a document costs.
    private const int ImageTokens = 85;
    private const int TileTokens = 170;
    private const int TileSize = 512;
    private const int BytesPerToken = 24;

    /// <summary>What it costs as input.</summary>
    public int Tokens =>
        IsImage ? ImageTokens + (TileTokens * Tiles(Width ?? TileSize) * Tiles(Height ?? TileSize))
        : Beginning is not null ? TokenPieces.Estimate((int)Math.Min(Size, int.MaxValue))
        : (int)Math.Min(int.MaxValue, (Size / BytesPerToken) + 1);

    /// <summary>Reads a part, or null when it is another kind.</summary>
    public static ReceivedFile? Of(JsonElement part) => part.Text("type") switch
    {
        "input_image" when part.Member("image_url") is { } url => Read(url, name: null, isImage: true),
        "input_file" when part.Member("file_data") is { } data => Read(data, part.Text("filename"), isImage: false),
        _ => null,
    };

    /// <summary>The base64 of a data URL and its media type; false for anything else.</summary>
    public static bool TryReadDataUrl(JsonElement text, out string mediaType, out ReadOnlySpan<byte> base64)
    {
        mediaType = string.Empty;
        base64 = default;
        if (text.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        // Raw: a large file's text never becomes a string. Base64 needs no escapes; if there are any, they are removed.
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        if (raw.Contains((byte)'\\'))
        {
            raw = Encoding.UTF8.GetBytes(text.GetString()!);
        }

        var comma = raw.IndexOf((byte)',');
        if (!raw.StartsWith("data:"u8) || comma < 0 || !raw[..comma].EndsWith(";base64"u8) || !Base64.IsValid(raw[(comma + 1)..]))
        {
            return false;
        }

        mediaType = Encoding.UTF8.GetString(raw["data:"u8.Length..(comma - ";base64"u8.Length)]);
        base64 = raw[(comma + 1)..];
        return true;
    }

    private static ReceivedFile Read(JsonElement url, string? name, bool isImage)
    {
        if (!TryReadDataUrl(url, out var mediaType, out var base64))
        {
            return new ReceivedFile(isImage, name, null, 0, null, null, null, url.ValueKind == JsonValueKind.String ? url.GetString()! : string.Empty);
        }

        Base64.IsValid(base64, out var size);
        var part = base64[..Math.Min(base64.Length, HeadBytes / 3 * 4)];
        var head = new byte[HeadBytes];
        Base64.DecodeFromUtf8(part, head, out _, out var read, isFinalBlock: part.Length == base64.Length);
        var known = head.AsSpan(0, read);
        var (width, height) = isImage && ImageSize.Of(known) is { } pixels ? (pixels.Width, pixels.Height) : ((int?)null, (int?)null);
        return new ReceivedFile(
            isImage, name, mediaType, size, width, height, isImage ? null : BeginningOf(known), Convert.ToHexStringLower(SHA256.HashData(base64)));
    }

    private static int Tiles(int pixels) => (pixels + TileSize - 1) / TileSize;

    private static string? BeginningOf(ReadOnlySpan<byte> head)
    {
        // A character may be cut at the end of the head; a binary file has a zero long before.
        var whole = head.Length < HeadBytes ? head : head[..^4];
        while (head.Length >= HeadBytes && whole.Length > 0 && (head[whole.Length] & 0xC0) == 0x80)
        {
            whole = whole[..^1];
        }

        if (whole.IsEmpty || whole.Contains((byte)0) || !Utf8.IsValid(whole))
        {
            return null;
        }

        var lines = Encoding.UTF8.GetString(whole[..Math.Min(whole.Length, 4096)]).TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        return string.Join('\n', lines.Take(MaxLines).Select(line => line.Length > MaxLineLength ? line[..MaxLineLength] + "…" : line)).TrimEnd();
    }
}
