using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Copilot.Domain.Responses.Events;

/// <summary>
/// Reads the members of one JSON object, or the items of one array, and validates all of it on the way. It records where each value is
/// and does not parse it further.
/// </summary>
/// <remarks>
/// Most bytes of a stream are text in strings, which are skipped in one search for their end; a general reader would make a token of each
/// name and number. It accepts and rejects what <see cref="Utf8JsonReader"/> does (RFC 8259: no comments,
/// no trailing commas, 64 levels).
/// </remarks>
internal ref struct JsonMemberReader
{
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _json;
    private readonly byte _close;
    private int _at;
    private bool _first;

    /// <param name="json">An object or an array; anything else has no members and is not valid.</param>
    public JsonMemberReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        _at = Space(json, 0);
        _close = _at < json.Length ? json[_at] switch { (byte)'{' => (byte)'}', (byte)'[' => (byte)']', _ => (byte)0 } : (byte)0;
        _first = true;
        IsBroken = _close == 0;
        _at++;
    }

    /// <summary>The member's name as written, without quotes; empty for an item of an array.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Where the value is.</summary>
    public JsonRange Value { get; private set; }

    /// <summary>True when invalid JSON was found.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True for an object, false for an array.</summary>
    public readonly bool IsObject => _close == '}';

    /// <summary>Reads the next member; false at the end, and when <see cref="IsBroken"/>.</summary>
    public bool Next()
    {
        if (IsBroken)
        {
            return false;
        }

        _at = Space(_json, _at);
        if (_at < _json.Length && _json[_at] == _close)
        {
            return false;
        }

        if (!_first)
        {
            _at = Expect(_json, _at, (byte)',');
        }

        _first = false;
        if (_close == '}' && _at >= 0)
        {
            var name = _at;
            _at = String(_json, name);
            if (_at >= 0)
            {
                Name = _json[(name + 1)..(_at - 1)];
                _at = Expect(_json, Space(_json, _at), (byte)':');
            }
        }

        if (_at >= 0)
        {
            var value = _at;
            _at = Skip(_json, value, depth: 1);
            if (_at >= 0)
            {
                Value = new JsonRange(value, _at - value, KindOf(_json[value]));
                return true;
            }
        }

        IsBroken = true;
        return false;
    }

    /// <summary>After the last member: true when nothing but white space follows the end.</summary>
    public readonly bool IsWhole => !IsBroken && _at < _json.Length && Space(_json, _at + 1) == _json.Length;

    private static JsonTokenType KindOf(byte first) => first switch
    {
        (byte)'"' => JsonTokenType.String,
        (byte)'{' => JsonTokenType.StartObject,
        (byte)'[' => JsonTokenType.StartArray,
        (byte)'t' => JsonTokenType.True,
        (byte)'f' => JsonTokenType.False,
        (byte)'n' => JsonTokenType.Null,
        _ => JsonTokenType.Number,
    };

    // All of these take a start position and return the end position, or -1 for invalid JSON.
    private static int Skip(ReadOnlySpan<byte> json, int at, int depth)
    {
        if ((uint)at >= (uint)json.Length)
        {
            return -1;
        }

        return json[at] switch
        {
            (byte)'"' => String(json, at),
            (byte)'{' => Nested(json, at + 1, depth, (byte)'}'),
            (byte)'[' => Nested(json, at + 1, depth, (byte)']'),
            (byte)'t' => Literal(json, at, "true"u8),
            (byte)'f' => Literal(json, at, "false"u8),
            (byte)'n' => Literal(json, at, "null"u8),
            _ => Number(json, at),
        };
    }

    private static int Nested(ReadOnlySpan<byte> json, int at, int depth, byte close)
    {
        if (depth == MaxDepth)
        {
            return -1;
        }

        at = Space(json, at);
        if (at < json.Length && json[at] == close)
        {
            return at + 1;
        }

        while (true)
        {
            if (close == '}')
            {
                at = String(json, at);
                at = at < 0 ? at : Expect(json, Space(json, at), (byte)':');
            }

            at = at < 0 ? at : Skip(json, at, depth + 1);
            if (at < 0)
            {
                return -1;
            }

            at = Space(json, at);
            if (at < json.Length && json[at] == close)
            {
                return at + 1;
            }

            at = Expect(json, at, (byte)',');
            if (at < 0)
            {
                return -1;
            }
        }
    }

    private static int String(ReadOnlySpan<byte> json, int at)
    {
        if ((uint)at >= (uint)json.Length || json[at] != '"')
        {
            return -1;
        }

        at++;
        while (true)
        {
            at = PlainText(json, at);
            if (at == json.Length)
            {
                return -1;
            }

            switch (json[at])
            {
                case (byte)'"':
                    return at + 1;
                case (byte)'\\':
                    at = Escape(json, at + 1);
                    if (at < 0)
                    {
                        return -1;
                    }

                    break;
                default:
                    return -1;
            }
        }
    }

    /// <summary>Where the next quote, backslash or control character is. Names are short: a search made for long texts would cost more than they do.</summary>
    private static int PlainText(ReadOnlySpan<byte> json, int at)
    {
        ref var start = ref MemoryMarshal.GetReference(json);
        for (; at <= json.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var text = Vector128.LoadUnsafe(ref start, (nuint)at);
            var stops = Vector128.Equals(text, Vector128.Create((byte)'"'))
                | Vector128.Equals(text, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(text, Vector128.Create((byte)' '));
            var found = stops.ExtractMostSignificantBits();
            if (found != 0)
            {
                return at + BitOperations.TrailingZeroCount(found);
            }
        }

        while (at < json.Length && json[at] is not ((byte)'"' or (byte)'\\' or < (byte)' '))
        {
            at++;
        }

        return at;
    }

    private static int Escape(ReadOnlySpan<byte> json, int at)
    {
        if (at >= json.Length)
        {
            return -1;
        }

        switch (json[at])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return at + 1;
            case (byte)'u' when at + 4 < json.Length:
                for (var i = 1; i <= 4; i++)
                {
                    if (!char.IsAsciiHexDigit((char)json[at + i]))
                    {
                        return -1;
                    }
                }

                return at + 5;
            default:
                return -1;
        }
    }

    private static int Number(ReadOnlySpan<byte> json, int at)
    {
        if (json[at] == '-')
        {
            at++;
        }

        var whole = at;
        at = Digits(json, at);
        if (at < 0 || (json[whole] == '0' && at > whole + 1))
        {
            return -1;
        }

        if (at < json.Length && json[at] == '.')
        {
            at = Digits(json, at + 1);
        }

        if (at >= 0 && at < json.Length && json[at] is (byte)'e' or (byte)'E')
        {
            at++;
            at = Digits(json, at < json.Length && json[at] is (byte)'+' or (byte)'-' ? at + 1 : at);
        }

        return at;
    }

    private static int Digits(ReadOnlySpan<byte> json, int at)
    {
        var from = at;
        while (at < json.Length && char.IsAsciiDigit((char)json[at]))
        {
            at++;
        }

        return at > from ? at : -1;
    }

    private static int Literal(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> literal) =>
        json[at..].StartsWith(literal) ? at + literal.Length : -1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Expect(ReadOnlySpan<byte> json, int at, byte expected) =>
        (uint)at < (uint)json.Length && json[at] == expected ? Space(json, at + 1) : -1;

    /// <summary>Upstreams write no white space, so that is checked first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Space(ReadOnlySpan<byte> json, int at) =>
        (uint)at < (uint)json.Length && json[at] > ' ' ? at : SkipSpace(json, at);

    private static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }
}
