using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.WebSockets;
namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>The response a fault is applied to: its wire and its progress.</summary>
internal sealed class FaultScene(IResponseWire wire, FaultRequest fault, CreateRequest request, TimeProvider time)
{
    public IResponseWire Wire => wire;

    public FaultRequest Fault => fault;

    public CreateRequest Request => request;

    /// <summary>How many events were sent.</summary>
    public int Sent { get; private set; }

    /// <summary>The response object as the client saw it last, or null before its first event.</summary>
    public JsonObject? Response { get; private set; }

    /// <summary>Whether an HTTP client can still be answered with a status.</summary>
    public bool CanRefuse => wire.Transport == RequestTransport.Http && Sent == 0;

    public static bool IsTerminal(JsonObject responseEvent) =>
        (string?)responseEvent["type"] is "response.completed" or "response.incomplete" or "response.failed";

    public async Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken)
    {
        CountSent(responseEvent);
        await wire.SendAsync(responseEvent, cancellationToken);
    }

    /// <summary>Counts an event that was sent without <see cref="SendAsync"/>.</summary>
    public void CountSent(JsonObject responseEvent)
    {
        Sent++;
        if (responseEvent["response"] is JsonObject response)
        {
            Response = (JsonObject)response.DeepClone();
        }
    }

    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, time, cancellationToken);

    /// <summary>Sends nothing more until the client gives up. Never returns.</summary>
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
