using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Copilot.Domain.Audit.Chains;

/// <summary>SHA-256 over fields, each with its length before it, so that no two lists of fields give the same bytes.</summary>
public sealed class ChainHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>A text; null and "" differ.</summary>
    public ChainHash Text(string? text)
    {
        if (text is null)
        {
            Length(-1);
            return this;
        }

        return Bytes(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A number.</summary>
    public ChainHash Number(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return Bytes(bytes);
    }

    /// <summary>Bytes.</summary>
    public ChainHash Bytes(ReadOnlySpan<byte> bytes)
    {
        Length(bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }

    /// <summary>The hash of all fields so far.</summary>
    public byte[] Take() => _hash.GetHashAndReset();

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Length(int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        _hash.AppendData(bytes);
    }
}
