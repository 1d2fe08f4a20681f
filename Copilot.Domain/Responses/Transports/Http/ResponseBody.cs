using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;

namespace Copilot.Domain.Responses.Transports.Http;

/// <summary>
/// Reads the events of an HTTP body by what it is and not by what its label says: server-sent events, JSON by lines, or one response
/// document, also behind a byte-order mark, in a fence or behind a few words.
/// </summary>
/// <remarks>
/// A stream's last event needs no empty line behind it, and a line that is an object by itself is an event: some servers report an error
/// so in the middle of a stream, also laid out over several. An event that does not say its type is of the one that its record has as a name.
/// What is cut off in its middle is no event.
/// </remarks>
/// <param name="stream">The body.</param>
/// <param name="stall">Measures its silences.</param>
/// <param name="isLabelled">True when it is labelled as a stream of events.</param>
/// <param name="cap">How many bytes one event may have.</param>
internal sealed class ResponseBody(Stream stream, StallTimeout stall, bool isLabelled, int cap)
{
    private static readonly string[] s_fields = ["data:", "event:", "id:", "retry:", "error:", ":"];

    private const int LongestName = 100;

    private readonly ArrayBufferWriter<byte> _data = new();
    private readonly BodyBuffer _body = new(stream, stall, cap);
    private string? _name;
    private string? _nextName;

    /// <summary>The events, as they come.</summary>
    /// <exception cref="TransportException">It is no answer of a Responses API, or too large.</exception>
    public async IAsyncEnumerable<ResponseEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _body.SkipLeadAsync().ConfigureAwait(false);
        if (!isLabelled && !BeginsAsStream())
        {
            foreach (var received in await ReadWholeAsync().ConfigureAwait(false))
            {
                yield return received;
            }

            yield break;
        }

        while (await NextRecordAsync().ConfigureAwait(false) is { } record)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ResponseEventParser.IsFiller(record))
            {
                continue;
            }

            if (NamedEventReader.TryParse(record, _name, out var parsed))
            {
                yield return NonStreamingResponseReader.TryRead(record, out var whole) ? whole : parsed;
            }
            else if (!_body.IsOver)
            {
                throw Wrong("The upstream sent a record that is not an event.");
            }
        }
    }

    private static TransportException Wrong(string message) =>
        new(TransportFailure.Protocol, message, innerException: null) { MayHaveBeenSent = true };

    private bool BeginsAsStream()
    {
        foreach (var field in s_fields)
        {
            if (_body.Unread.StartsWith(Encoding.UTF8.GetBytes(field)))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<IReadOnlyList<ResponseEvent>> ReadWholeAsync()
    {
        var body = await _body.ReadToEndAsync().ConfigureAwait(false);
        return ReadDocument(body) ?? ReadLines(body) ?? throw Wrong(Describe(body.Span));
    }

    private static string Describe(ReadOnlySpan<byte> body)
    {
        var excerpt = ResponseErrorParser.Excerpt(body);
        return excerpt.Length == 0 ? "The upstream answered without a response." : $"The upstream answered with something that is not a response: {excerpt}";
    }

    private static List<ResponseEvent>? ReadDocument(ReadOnlyMemory<byte> body)
    {
        var (from, to) = (body.Span.IndexOf((byte)'{'), body.Span.LastIndexOf((byte)'}'));
        return from >= 0 && to > from && NonStreamingResponseReader.TryRead(body[from..(to + 1)].ToArray(), out var last) ? [last] : null;
    }

    /// <summary>One event a line; the last one may be cut off.</summary>
    private static List<ResponseEvent>? ReadLines(ReadOnlyMemory<byte> body)
    {
        var events = new List<ResponseEvent>();
        foreach (var range in body.Span.SplitAny("\r\n"u8))
        {
            var line = body[range];
            if (ResponseEventParser.IsFiller(line.Span))
            {
                continue;
            }

            if (!ResponseEventParser.TryParse(line.ToArray(), out var parsed) || (events.Count == 0 && parsed is UnknownResponseEvent))
            {
                return events.Count > 0 && range.End.GetOffset(body.Length) == body.Length ? events : null;
            }

            events.Add(parsed);
        }

        return events.Count == 0 ? null : events;
    }

    /// <summary>The data of the next event; null at the end.</summary>
    private async ValueTask<byte[]?> NextRecordAsync()
    {
        var isBare = false;
        while (true)
        {
            if (await _body.NextLineAsync(isInRecord: _data.WrittenCount > 0).ConfigureAwait(false) is not { } text)
            {
                return _data.WrittenCount > 0 ? Take() : null;
            }

            if (text.Length == 0)
            {
                if (_data.WrittenCount > 0)
                {
                    return Take();
                }

                _nextName = null;
            }
            else if (isBare || (_data.WrittenCount == 0 && text.Span[0] == (byte)'{'))
            {
                isBare = true;
                Add(text.Span);
                if (text.Span.TrimEnd((byte)' ') is [.., (byte)'}'] && JsonMembers.IsWhole(_data.WrittenSpan))
                {
                    return Take();
                }
            }
            else if (ValueOf(text, "data:"u8) is { } data)
            {
                Add(data.Span);
            }
            else if (ValueOf(text, "error:"u8) is { } error)
            {
                _nextName = "error";
                Add(error.Span);
            }
            else if (ValueOf(text, "event:"u8) is { Length: <= LongestName } name)
            {
                _nextName = Encoding.UTF8.GetString(name.Span);
            }
        }
    }

    private void Add(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return;
        }

        if (_data.WrittenCount > 0)
        {
            _data.Write("\n"u8);
        }

        _data.Write(value);
        _body.ThrowIfOver(_data.WrittenCount);
    }

    private static ReadOnlyMemory<byte>? ValueOf(ReadOnlyMemory<byte> line, ReadOnlySpan<byte> field)
    {
        if (!line.Span.StartsWith(field))
        {
            return null;
        }

        var value = line[field.Length..];
        return value.Length > 0 && value.Span[0] == (byte)' ' ? value[1..] : value;
    }

    private byte[] Take()
    {
        (_name, _nextName) = (_nextName, null);
        var data = _data.WrittenSpan.ToArray();
        _data.ResetWrittenCount();
        return data;
    }
}
