using System.Text;
using System.Text.Json.Nodes;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>
/// Server-sent events: <c>event:</c> is the type, <c>data:</c> the event; the stream ends with the response. A client that
/// only wants the finished object gets no events, but the same ends.
/// </summary>
internal sealed class HttpWire(HttpContext context, bool stream) : IResponseWire
{
    public RequestTransport Transport => RequestTransport.Http;

    public Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken) =>
        WriteAsync(Record(responseEvent), cancellationToken);

    public Task SendTextAsync(string text, CancellationToken cancellationToken) =>
        WriteAsync(Encoding.UTF8.GetBytes($"data: {text}\n\n"), cancellationToken);

    public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task SendSlowlyAsync(
        JsonObject responseEvent, int pieceBytes, Func<CancellationToken, Task> pause, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> record = Record(responseEvent);
        for (var start = 0; start < record.Length; start += pieceBytes)
        {
            if (start > 0)
            {
                await pause(cancellationToken);
            }

            await WriteAsync(record.Slice(start, Math.Min(pieceBytes, record.Length - start)), cancellationToken);
        }
    }

    public Task PingAsync(int count, CancellationToken cancellationToken) => Task.CompletedTask;

    public void GoDead()
    {
        // A response that is silent is as dead as HTTP gets: there are no pings to leave unanswered.
    }

    public void Expire()
    {
        // Only a WebSocket has an age.
    }

    public void End(SocketEnd end)
    {
        if (end.Kind == SocketEndKind.Reset)
        {
            ConnectionReset.AfterWhatWasWritten(context);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
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
