using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>A bare socket to the demo upstream: sends JSON, reads events. It knows nothing but the protocol.</summary>
internal sealed class DemoSocket : IDisposable
{
    private static readonly TimeSpan s_patience = Waiting.Limit;

    public ClientWebSocket Socket { get; } = new();

    public static Task<DemoSocket> ConnectAsync(DemoUpstreamHost host) => ConnectAsync(host, way: null);

    /// <param name="host">Where to.</param>
    /// <param name="way">How to get there; null for the usual way.</param>
    public static async Task<DemoSocket> ConnectAsync(DemoUpstreamHost host, HttpMessageInvoker? way)
    {
        var socket = new DemoSocket();
        socket.Socket.Options.SetRequestHeader("Authorization", $"Bearer {DemoUpstreamHost.Key}");
        await socket.Socket.ConnectAsync(host.SocketAddress, way, CancellationToken.None).WaitAsync(s_patience);
        return socket;
    }

    public Task SendAsync(JsonObject message) => SendTextAsync(message.ToJsonString());

    public Task SendTextAsync(string text) =>
        Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>The next event, or null when the server closed.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        if (await ReadMessageAsync() is not { } message)
        {
            return null;
        }

        using var document = JsonDocument.Parse(message.Bytes);
        return document.RootElement.Clone();
    }

    /// <summary>The next message of any kind, or null when the server closed.</summary>
    public async Task<(WebSocketMessageType Type, byte[] Bytes)?> ReadMessageAsync()
    {
        var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await Socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(s_patience);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            bytes.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
            {
                return (received.MessageType, bytes.ToArray());
            }
        }
    }

    /// <summary>All events of one request, up to its terminal event.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadResponseAsync()
    {
        var events = new List<JsonElement>();
        while (true)
        {
            var next = await ReadAsync() ?? throw new InvalidOperationException(
                $"The server closed with {Socket.CloseStatus} after {events.Count} events.");
            events.Add(next);
            if (next.Type() is "response.completed" or "response.incomplete" or "response.failed" or "error")
            {
                return events;
            }
        }
    }

    /// <summary>Sends a request and returns its events.</summary>
    public async Task<IReadOnlyList<JsonElement>> AskAsync(JsonObject request)
    {
        request["type"] ??= "response.create";
        await SendAsync(request);
        return await ReadResponseAsync();
    }

    public void Dispose() => Socket.Dispose();
}
