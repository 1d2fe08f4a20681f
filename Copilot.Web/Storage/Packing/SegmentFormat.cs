namespace Copilot.Web.Storage.Packing;

/// <summary>
/// How a segment is laid out. A version, the length of the rest, and the rest compressed with Brotli: the number of events, their kinds (the
/// texts that many events share), and then column after column, because what is alike compresses best side by side. What can be
/// computed is not there: a salt that follows from the run's key, a digest that follows from salt and payload, a hash that follows from the
/// event before. Each is there where it does not follow, so what was changed behind the product's back stays as it is and is found.
/// </summary>
internal static class SegmentFormat
{
    public const byte Version = 1;

    /// <summary>Bytes of a salt, a digest and a hash.</summary>
    public const int Size = 32;

    /// <summary>
    /// So many bytes of each hash are there nevertheless, so that a change can be told from the events that follow it: one in 65,536 changes
    /// is noticed only at the segment's end.
    /// </summary>
    public const int CheckSize = 2;

    /// <summary>What does not follow from the rest of an event, or is to be put back into its payload.</summary>
    [Flags]
    public enum Parts : byte
    {
        /// <summary>All follows.</summary>
        None = 0,

        /// <summary>Its payload and salt were erased.</summary>
        Erased = 1,

        /// <summary>Its salt is there.</summary>
        Salt = 2,

        /// <summary>Its digest is there.</summary>
        Digest = 4,

        /// <summary>Its hash is there.</summary>
        Hash = 8,

        /// <summary>The number in its payload is one more than the last one and was taken out.</summary>
        Number = 16,
    }
}
