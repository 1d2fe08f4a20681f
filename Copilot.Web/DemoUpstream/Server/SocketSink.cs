using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>One text frame per event, with the lane's name where the request had one.</summary>
internal sealed class SocketSink(WebSocket socket, string? streamId, CancellationToken connectionLost) : IEventSink
{
    public async Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken)
    {
        // Cancelling a send tears the socket down, and a response that is only stopped must leave it whole.
        cancellationToken.ThrowIfCancellationRequested();
        if (streamId is not null)
        {
            responseEvent["stream_id"] = streamId;
        }

        await socket.SendAsync(
            JsonText.WriteBytes(responseEvent), WebSocketMessageType.Text, endOfMessage: true, connectionLost);
    }
}
