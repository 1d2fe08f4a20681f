namespace Copilot.Domain.Responses.Requests;

/// <summary>Bytes that a request carries and an item does not hold. They are read while it is written, never all at once.</summary>
/// <param name="Digest">Identifies the bytes: equal digests mean equal bytes.</param>
/// <param name="Size">Their length in bytes.</param>
/// <param name="Open">Opens them for one read. Throws an <see cref="IOException"/> when they are gone.</param>
public sealed record InputContent(string Digest, long Size, Func<Stream> Open)
{
    /// <summary>Where in the log they are, for what an event of a run says; null for files. <see cref="Open"/> fails until it is given a store.</summary>
    public EventText? Source { get; init; }

    /// <summary>True for the inside of a JSON string, which is sent as it is; anything else becomes base64.</summary>
    public bool IsText => Source is not null;

    /// <summary>Their length on the wire.</summary>
    public long EncodedLength => IsText ? Size : (Size + 2) / 3 * 4;
}
