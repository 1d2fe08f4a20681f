using System.Buffers;
using System.Text;

namespace Copilot.Web.Storage.Packing;

/// <summary>Writes numbers, texts and bytes one after another, for <see cref="SegmentCursor"/> to read.</summary>
internal sealed class SegmentColumn
{
    private const int Bits = 7;
    private const byte More = 0x80;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Seven bits in each byte, the lowest first.</summary>
    public void Number(long number)
    {
        var left = (ulong)number;
        while (left >= More)
        {
            Byte((byte)(left | More));
            left >>= Bits;
        }

        Byte((byte)left);
    }

    /// <summary>A number that may be below zero: small ones are short on either side.</summary>
    public void Signed(long number) => Number((number << 1) ^ (number >> 63));

    /// <summary>A text, or null.</summary>
    public void Text(string? text)
    {
        if (text is null)
        {
            Number(0);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        Number(bytes.Length + 1);
        Bytes(bytes);
    }

    /// <summary>Bytes, without their length.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    private void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}
