using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.WebSockets;
namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>The response a fault strikes: what carries it and how far it has come.</summary>
internal sealed class FaultScene(IResponseWire wire, FaultRequest order, CreateRequest request, TimeProvider time)
{
    public IResponseWire Wire => wire;

    public FaultRequest Order => order;

    public CreateRequest Request => request;

    /// <summary>How many events went out.</summary>
    public int Sent { get; private set; }

    /// <summary>The response object as the client saw it last, or null before its first event.</summary>
    public JsonObject? Response { get; private set; }

    /// <summary>Whether an HTTP client can still be answered with a status.</summary>
    public bool CanRefuse => wire.Transport == RequestTransport.Http && Sent == 0;

    public static bool IsTerminal(JsonObject responseEvent) =>
        (string?)responseEvent["type"] is "response.completed" or "response.incomplete" or "response.failed";

    public async Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken)
    {
        Note(responseEvent);
        await wire.SendAsync(responseEvent, cancellationToken);
    }

    /// <summary>Says that an event went out by other means than <see cref="SendAsync"/>.</summary>
    public void Note(JsonObject responseEvent)
    {
        Sent++;
        if (responseEvent["response"] is JsonObject response)
        {
            Response = (JsonObject)response.DeepClone();
        }
    }

    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, time, cancellationToken);

    /// <summary>Says nothing more until the client gives up. Never returns.</summary>
    public static async Task StayAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new ResponseStoppedException();
    }

    /// <summary>Ends the connection below the response. Never returns.</summary>
    public async Task EndAsync(SocketEnd end, CancellationToken cancellationToken)
    {
        await wire.EndAsync(end, cancellationToken);
        await StayAsync(cancellationToken);
    }
}
