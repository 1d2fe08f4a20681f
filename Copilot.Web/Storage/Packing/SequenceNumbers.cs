using System.Buffers.Text;

namespace Copilot.Web.Storage.Packing;

/// <summary>
/// Takes the upstream's <c>sequence_number</c> out of payloads where it only counts on, and puts it back: digits that differ in each event
/// are a tenth of what a packed answer needs.
/// </summary>
internal sealed class SequenceNumbers
{
    // Longer ones are left in place, so that counting on never overflows.
    private const int MostDigits = 15;
    private long _last = -1;

    private static ReadOnlySpan<byte> Name => "\"sequence_number\":"u8;

    /// <summary>Where the number is that can be taken out; an empty range when none can.</summary>
    public Range Remove(ReadOnlySpan<byte> payload)
    {
        if (Find(payload, out var number) is not { } range)
        {
            return default;
        }

        var counts = number == _last + 1;
        _last = number;
        return counts ? range : default;
    }

    /// <summary>The payload with its number, if that was taken out.</summary>
    public ReadOnlyMemory<byte> Restore(ReadOnlyMemory<byte> payload, bool wasRemoved)
    {
        if (!wasRemoved)
        {
            _last = Find(payload.Span, out var number) is null ? _last : number;
            return payload;
        }

        var at = payload.Span.IndexOf(Name);
        if (at < 0)
        {
            throw new InvalidDataException("A payload has no place for its number.");
        }

        at += Name.Length;
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(++_last, digits, out var length);
        var whole = new byte[payload.Length + length];
        payload.Span[..at].CopyTo(whole);
        digits[..length].CopyTo(whole.AsSpan(at));
        payload.Span[at..].CopyTo(whole.AsSpan(at + length));
        return whole;
    }

    private static Range? Find(ReadOnlySpan<byte> payload, out long number)
    {
        number = 0;
        var at = payload.IndexOf(Name);
        if (at < 0)
        {
            return null;
        }

        at += Name.Length;
        var length = payload[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');

        // As it would be written again: no leading zero, and something after it.
        return length is > 0 and <= MostDigits && (payload[at] != '0' || length == 1)
            && Utf8Parser.TryParse(payload.Slice(at, length), out number, out _)
                ? at..(at + length)
                : null;
    }
}
