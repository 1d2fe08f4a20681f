using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Network;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>One text message per event, with the lane's name where the request had one.</summary>
internal sealed class SocketWire(SocketLine line, ConnectionAge age, NetworkLink? link, string? streamId) : IResponseWire
{
    public RequestTransport Transport => RequestTransport.WebSocket;

    public Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken) =>
        line.SendAsync(Bytes(responseEvent), WebSocketMessageType.Text, link, cancellationToken);

    public Task SendTextAsync(string text, CancellationToken cancellationToken) =>
        line.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, link, cancellationToken);

    public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        line.SendAsync(bytes, WebSocketMessageType.Binary, link, cancellationToken);

    public Task SendSlowlyAsync(
        JsonObject responseEvent, int pieceBytes, Func<CancellationToken, Task> pause, CancellationToken cancellationToken) =>
        line.SendSlowlyAsync(Bytes(responseEvent), pieceBytes, pause, cancellationToken);

    public Task PingAsync(int count, CancellationToken cancellationToken) => line.PingAsync(count, cancellationToken);

    public Task GoDeadAsync(CancellationToken cancellationToken) => line.GoDeadAsync(cancellationToken);

    public void Expire() => age.Expire();

    public Task EndAsync(SocketEnd end, CancellationToken cancellationToken)
    {
        // The connection itself waits for running responses.
        line.End(end);
        return Task.CompletedTask;
    }

    private byte[] Bytes(JsonObject responseEvent)
    {
        if (streamId is not null)
        {
            responseEvent["stream_id"] = streamId;
        }

        return JsonText.WriteBytes(responseEvent);
    }
}
