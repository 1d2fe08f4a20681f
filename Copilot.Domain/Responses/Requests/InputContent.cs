namespace Copilot.Domain.Responses.Requests;

/// <summary>Bytes that a request carries as base64. They are read while it is written and never as a whole.</summary>
/// <param name="Digest">Names the bytes: equal digests are equal bytes.</param>
/// <param name="Size">How many they are.</param>
/// <param name="Open">Opens them for one reading. Throws an <see cref="IOException"/> when they are gone.</param>
public sealed record InputContent(string Digest, long Size, Func<Stream> Open)
{
    /// <summary>Their length as base64.</summary>
    public long EncodedLength => (Size + 2) / 3 * 4;
}
