using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports.Http;

/// <summary>The bytes of an HTTP body as they come, by lines or as a whole, with a cap on what is held at once.</summary>
/// <param name="stream">The body.</param>
/// <param name="stall">Measures its silences.</param>
/// <param name="cap">How many bytes one event may have.</param>
internal sealed class BodyBuffer(Stream stream, StallTimeout stall, int cap)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>True once the body has ended. Bytes may still be unread.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What has come and was not read.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Passes over a byte-order mark and empty lines, and reads on until there are enough bytes to see what it is.</summary>
    public async ValueTask SkipLeadAsync()
    {
        while (true)
        {
            if (Unread.StartsWith("\uFEFF"u8))
            {
                _start += 3;
            }

            while (_start < _end && _buffer[_start] is (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t')
            {
                _start++;
            }

            if (_end - _start >= 8 || !await FillAsync().ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>All that is left of the body.</summary>
    /// <exception cref="TransportException">It is larger than the cap.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadToEndAsync()
    {
        do
        {
            ThrowIfOver(_end - _start);
        }
        while (await FillAsync().ConfigureAwait(false));

        return _buffer.AsMemory(_start, _end - _start);
    }

    /// <summary>The next line without its end, good until the next call; null at the end of the body.</summary>
    /// <param name="isInRecord">True when an empty line would end an event: then a carriage return alone is not waited on.</param>
    /// <exception cref="TransportException">It is larger than the cap.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextLineAsync(bool isInRecord)
    {
        var searched = 0;
        while (true)
        {
            var at = Unread[searched..].IndexOfAny((byte)'\r', (byte)'\n');
            if (at >= 0)
            {
                at += _start + searched;
                if (_buffer[at] == (byte)'\n' || at + 1 < _end || IsOver)
                {
                    var line = _buffer.AsMemory(_start, at - _start);
                    _start = at + (_buffer[at] == (byte)'\r' && at + 1 < _end && _buffer[at + 1] == (byte)'\n' ? 2 : 1);
                    return line;
                }

                // The other half of a line end may follow; a carriage return alone ends the line just as well.
                if (at > _start || !isInRecord)
                {
                    searched = at - _start;
                }
                else
                {
                    _start = at + 1;
                    return ReadOnlyMemory<byte>.Empty;
                }
            }
            else
            {
                searched = _end - _start;
            }

            ThrowIfOver(_end - _start);
            if (!await FillAsync().ConfigureAwait(false) && IsOver)
            {
                if (_start == _end)
                {
                    return null;
                }

                if (Unread.IndexOfAny((byte)'\r', (byte)'\n') < 0)
                {
                    var rest = _buffer.AsMemory(_start, _end - _start);
                    _start = _end;
                    return rest;
                }
            }
        }
    }

    /// <summary>Refuses more than the cap.</summary>
    /// <exception cref="TransportException">It is more.</exception>
    public void ThrowIfOver(long bytes)
    {
        if (bytes > (long)cap + 1024)
        {
            throw new TransportException(TransportFailure.TooLarge, $"The upstream sent an event of more than {cap} bytes.", innerException: null)
            {
                MayHaveBeenSent = true,
            };
        }
    }

    private async ValueTask<bool> FillAsync()
    {
        if (IsOver)
        {
            return false;
        }

        if (_start > 0 && (_start == _end || _end == _buffer.Length))
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await stall.ReadAsync(stream, _buffer.AsMemory(_end)).ConfigureAwait(false);
        IsOver = read == 0;
        _end += read;
        return read > 0;
    }
}
