namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>
/// The bytes below a WebSocket. It can go dead while the TCP connection lives, and carry frames that the socket class
/// cannot send.
/// </summary>
internal sealed class SocketStream(Stream inner) : Stream
{
    // Final fragment, opcode 9; no mask from a server, no payload.
    private static readonly byte[] s_ping = [0x89, 0x00];

    // Opcode 8: a close without a code, where the socket class would write the code 1005, which must not be on the wire.
    private static readonly byte[] s_emptyClose = [0x88, 0x00];

    private readonly CancellationTokenSource _disposed = new();
    private volatile bool _dead;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Makes the stream dead: nothing is sent, pings are not answered, and input is discarded.</summary>
    public void GoDead() => _dead = true;

    /// <summary>Sends pings. The caller ensures that no frame is being sent meanwhile.</summary>
    public async Task PingAsync(int count, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < count && !_dead; sent++)
        {
            await inner.WriteAsync(s_ping, cancellationToken);
        }

        await inner.FlushAsync(cancellationToken);
    }

    /// <summary>Sends a close frame without a code. The caller ensures that nothing follows.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(s_emptyClose, cancellationToken);
        await FlushAsync(cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // The socket class cancels by disposing, and only that must end a read.
            var read = await inner.ReadAsync(buffer, _disposed.Token);
            if (!_dead || read == 0)
            {
                return read;
            }
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _dead ? ValueTask.CompletedTask : inner.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _dead ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed.Cancel();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
