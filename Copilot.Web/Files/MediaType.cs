using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Files;

/// <summary>
/// Decides a file's media type. Images are recognised by their first bytes, because browsers display them and models read them; otherwise
/// the sender's type counts, and without one the name's extension.
/// </summary>
internal static class MediaType
{
    /// <summary>How many bytes from the start identify an image.</summary>
    public const int HeadLength = 12;

    private const string Unknown = "application/octet-stream";
    private const int MaxLength = 100;

    private static readonly FileExtensionContentTypeProvider s_extensions = new();

    /// <summary>The media type, lower case and without parameters.</summary>
    /// <param name="head">The first bytes, at most <see cref="HeadLength"/>.</param>
    /// <param name="declared">The sender's type, or null.</param>
    /// <param name="name">The file's name.</param>
    public static string Decide(ReadOnlySpan<byte> head, string? declared, string name)
    {
        if (Image(head) is { } image)
        {
            return image;
        }

        var type = Read(declared) ?? (s_extensions.TryGetContentType(name, out var known) ? known : Unknown);

        // A file that claims to be such an image and is not must not be displayed as one.
        return type is "image/png" or "image/jpeg" or "image/gif" or "image/webp" ? Unknown : type;
    }

    private static string? Image(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n']) ? "image/png"
        : head.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? "image/jpeg"
        : head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) ? "image/gif"
        : head.Length >= HeadLength && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;

    // The defaults of forms and programs carry no information.
    private static string? Read(string? declared) =>
        declared is { Length: <= MaxLength }
        && MediaTypeHeaderValue.TryParse(declared, out var parsed)
        && parsed is { MatchesAllTypes: false, MatchesAllSubTypes: false, MediaType.Value: { } type }
        && type.ToLowerInvariant() is var lower
        && lower is not (Unknown or "application/x-www-form-urlencoded")
            ? lower
            : null;
}
