using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports;

/// <summary>
/// Passes an event stream through and stops it when a single event grows beyond the cap: the parser would buffer an endless line until
/// memory runs out.
/// </summary>
internal sealed class EventCapStream(Stream inner, int cap) : Stream
{
    private long _sinceBlankLine;
    private bool _lineIsEmpty = true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            _lineIsEmpty &= line.TrimEnd((byte)'\r').IsEmpty;
            _sinceBlankLine += line.Length + 1;
            if (_sinceBlankLine > (long)cap + 1024)
            {
                throw new TransportException(TransportFailure.TooLarge, $"The upstream sent an event of more than {cap} bytes.", innerException: null)
                {
                    MayHaveBeenSent = true,
                };
            }

            if (end < 0)
            {
                return;
            }

            if (_lineIsEmpty)
            {
                _sinceBlankLine = 0;
            }

            _lineIsEmpty = true;
            bytes = bytes[(end + 1)..];
        }
    }
}
