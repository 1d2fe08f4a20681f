using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>One text message per event, with the lane's name where the request had one.</summary>
internal sealed class SocketWire(SocketLine line, ConnectionAge age, string? streamId) : IResponseWire
{
    public RequestTransport Transport => RequestTransport.WebSocket;

    public Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken) =>
        line.SendAsync(Bytes(responseEvent), WebSocketMessageType.Text, cancellationToken);

    public Task SendTextAsync(string text, CancellationToken cancellationToken) =>
        line.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, cancellationToken);

    public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        line.SendAsync(bytes, WebSocketMessageType.Binary, cancellationToken);

    public Task SendSlowlyAsync(
        JsonObject responseEvent, int pieceBytes, Func<CancellationToken, Task> pause, CancellationToken cancellationToken) =>
        line.SendSlowlyAsync(Bytes(responseEvent), pieceBytes, pause, cancellationToken);

    public Task PingAsync(int count, CancellationToken cancellationToken) => line.PingAsync(count, cancellationToken);

    public void GoDead() => line.GoDead();

    public void Expire() => age.Expire();

    public void End(SocketEnd end) => line.End(end);

    private byte[] Bytes(JsonObject responseEvent)
    {
        if (streamId is not null)
        {
            responseEvent["stream_id"] = streamId;
        }

        return JsonText.WriteBytes(responseEvent);
    }
}
