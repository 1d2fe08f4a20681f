namespace Copilot.Domain.Responses.Requests;

/// <summary>Bytes that a request carries as base64. They are read while it is written, never all at once.</summary>
/// <param name="Digest">Identifies the bytes: equal digests mean equal bytes.</param>
/// <param name="Size">Their length in bytes.</param>
/// <param name="Open">Opens them for one read. Throws an <see cref="IOException"/> when they are gone.</param>
public sealed record InputContent(string Digest, long Size, Func<Stream> Open)
{
    /// <summary>Their length as base64.</summary>
    public long EncodedLength => (Size + 2) / 3 * 4;
}
