using System.Text;

namespace Copilot.Web.Storage.Packing;

/// <summary>Reads what <see cref="SegmentColumn"/> wrote. What is not there is an <see cref="InvalidDataException"/>.</summary>
internal ref struct SegmentCursor(ReadOnlySpan<byte> bytes)
{
    private const int Bits = 7;
    private const byte More = 0x80;

    private ReadOnlySpan<byte> _left = bytes;

    /// <summary>Bytes that were not read yet.</summary>
    public readonly int Left => _left.Length;

    /// <summary>A number.</summary>
    public long Number()
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += Bits)
        {
            var next = Bytes(1)[0];
            number |= (ulong)(next & ~More) << shift;
            if (next < More)
            {
                return (long)number;
            }
        }

        throw new InvalidDataException("A number is too long.");
    }

    /// <summary>A number that may be below zero.</summary>
    public long Signed()
    {
        var number = (ulong)Number();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    /// <summary>A number of things that are still to come, at least a byte each.</summary>
    public int Count() => Number() is var count && count >= 0 && count <= Left
        ? (int)count
        : throw new InvalidDataException("There are fewer than were counted.");

    /// <summary>A number of bytes, or a place in a list.</summary>
    public int Length() => Number() is var length and >= 0 and <= int.MaxValue
        ? (int)length
        : throw new InvalidDataException("A length is out of range.");

    /// <summary>A text, or null.</summary>
    public string? Text() => Count() is var length && length == 0 ? null : Encoding.UTF8.GetString(Bytes(length - 1));

    /// <summary>So many bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _left.Length)
        {
            throw new InvalidDataException("There are fewer bytes than there should be.");
        }

        var read = _left[..count];
        _left = _left[count..];
        return read;
    }
}
