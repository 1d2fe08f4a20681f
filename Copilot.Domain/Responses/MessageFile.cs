namespace Copilot.Domain.Responses;

/// <summary>A file of a user's message, as the log names it. Its bytes lie elsewhere and may be gone.</summary>
/// <param name="Id">Its id (<c>file_…</c>).</param>
/// <param name="Name">What the person calls it; hostile text.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record MessageFile(string Id, string Name, string Type, long Size)
{
    /// <summary>True for the images that models look at and browsers show; they go upstream as <c>input_image</c>.</summary>
    public bool IsImage => Type is "image/png" or "image/jpeg" or "image/gif" or "image/webp";
}

/// <summary>Bytes that a request carries as base64. They are read while it is written and never as a whole.</summary>
/// <param name="Digest">Names the bytes: equal digests are equal bytes.</param>
/// <param name="Size">How many they are.</param>
/// <param name="Open">Opens them for one reading. Throws an <see cref="IOException"/> when they are gone.</param>
public sealed record InputContent(string Digest, long Size, Func<Stream> Open)
{
    /// <summary>Their length as base64.</summary>
    public long EncodedLength => (Size + 2) / 3 * 4;
}

/// <summary>Where a content belongs in an item's JSON.</summary>
/// <param name="Offset">Bytes of the JSON before it; inside a string.</param>
/// <param name="Content">What belongs there.</param>
public sealed record InputSlot(int Offset, InputContent Content);
