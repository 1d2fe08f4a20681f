using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.WebSockets;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>Carries one response, with everything that a fault can do to it.</summary>
internal interface IResponseWire : IEventSink
{
    RequestTransport Transport { get; }

    /// <summary>Sends a text that need not be an event.</summary>
    Task SendTextAsync(string text, CancellationToken cancellationToken);

    /// <summary>Sends a binary message. Server-sent events have none: nothing happens.</summary>
    Task SendBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Sends an event in small pieces, with a pause between them.</summary>
    Task SendSlowlyAsync(JsonObject responseEvent, int pieceBytes, Func<CancellationToken, Task> pause, CancellationToken cancellationToken);

    /// <summary>Sends pings. HTTP has none: nothing happens.</summary>
    Task PingAsync(int count, CancellationToken cancellationToken);

    /// <summary>Stops sending: from now on not even a ping is answered.</summary>
    Task GoDeadAsync(CancellationToken cancellationToken);

    /// <summary>The connection counts as too old from here on: it answers every request with the limit error.</summary>
    void Expire();

    /// <summary>Ends the connection below the response, after everything that was sent.</summary>
    Task EndAsync(SocketEnd end, CancellationToken cancellationToken);
}
