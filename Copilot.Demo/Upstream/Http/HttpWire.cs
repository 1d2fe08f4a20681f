using System.Text;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Network;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.WebSockets;
namespace Copilot.Demo.Upstream.Http;

/// <summary>
/// Server-sent events: <c>event:</c> is the type, <c>data:</c> the event; the stream ends with the response. A client that
/// only wants the finished object gets no events, but the same ends.
/// </summary>
internal sealed class HttpWire(HttpContext context, NetworkLink? link, bool stream) : IResponseWire, IAsyncDisposable
{
    private readonly DelayedSends _delayed = new();
    private int _unsentHeaderBytes = NetworkLink.ResponseHeaderBytes;

    public RequestTransport Transport => RequestTransport.Http;

    public Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken) =>
        WriteAsync(Record(responseEvent), cancellationToken);

    public Task SendTextAsync(string text, CancellationToken cancellationToken) =>
        WriteAsync(Encoding.UTF8.GetBytes($"data: {text}\n\n"), cancellationToken);

    public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task SendSlowlyAsync(
        JsonObject responseEvent, int pieceBytes, Func<CancellationToken, Task> pause, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        ReadOnlyMemory<byte> record = Record(responseEvent);
        for (var start = 0; start < record.Length; start += pieceBytes)
        {
            if (start > 0)
            {
                await pause(cancellationToken);
            }

            await WriteNowAsync(record.Slice(start, Math.Min(pieceBytes, record.Length - start)), cancellationToken);
        }
    }

    public Task PingAsync(int count, CancellationToken cancellationToken) => Task.CompletedTask;

    // HTTP has no pings, so sending nothing is all it can do.
    public Task GoDeadAsync(CancellationToken cancellationToken) => FlushAsync(cancellationToken);

    /// <summary>Waits until everything that was sent is out.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _delayed.FlushAsync(cancellationToken);

    public void Expire()
    {
        // Only a WebSocket has an age.
    }

    public async Task EndAsync(SocketEnd end, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        if (end.Kind == SocketEndKind.Reset)
        {
            ConnectionReset.AfterWhatWasWritten(context);
        }
    }

    public ValueTask DisposeAsync() => _delayed.DisposeAsync();

    private Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!stream)
        {
            return Task.CompletedTask;
        }

        if (link is null)
        {
            return WriteNowAsync(bytes, cancellationToken);
        }

        var size = bytes.Length + _unsentHeaderBytes;
        _unsentHeaderBytes = 0;
        return _delayed.SendAsync(link, size, () => WriteNowAsync(bytes, context.RequestAborted), cancellationToken);
    }

    private async Task WriteNowAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!stream)
        {
            return;
        }

        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            context.Response.Headers.CacheControl = "no-cache";
        }

        await context.Response.Body.WriteAsync(bytes, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    private static byte[] Record(JsonObject responseEvent) =>
        Encoding.UTF8.GetBytes($"event: {responseEvent["type"]}\ndata: {JsonText.Write(responseEvent)}\n\n");
}
