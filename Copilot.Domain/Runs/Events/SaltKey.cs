using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Copilot.Domain.Runs.Events;

/// <summary>
/// One random key that the salts of a run's events are derived from: <c>salt = SHA-256(key ‖ seq)</c>, both of fixed length. A salt tells
/// nothing about another one, and who has the key needs no salts: that is why a packed run needs 32 bytes instead of 32 for each event.
/// Forgetting removes the key too.
/// </summary>
public sealed class SaltKey
{
    private const int Size = SHA256.HashSizeInBytes;

    /// <param name="bytes">32 bytes.</param>
    public SaltKey(ReadOnlyMemory<byte> bytes) =>
        Bytes = bytes.Length == Size ? bytes : throw new ArgumentException("A salt key has 32 bytes.", nameof(bytes));

    /// <summary>The key.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A new random key.</summary>
    public static SaltKey Create() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Computes the salt of an event.</summary>
    /// <param name="seq">The event's number.</param>
    /// <param name="salt">Gets 32 bytes.</param>
    public void Derive(long seq, Span<byte> salt)
    {
        Span<byte> input = stackalloc byte[Size + sizeof(long)];
        Bytes.Span.CopyTo(input);
        BinaryPrimitives.WriteInt64BigEndian(input[Size..], seq);
        SHA256.HashData(input, salt);
    }
}
