using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Responses.Connecting;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Transports;

/// <summary>WebSockets, and nothing else, to a scripted upstream.</summary>
public abstract class WebSocketTransportScene : IAsyncLifetime
{
    private protected ScriptedUpstream _upstream = null!;
    private protected readonly List<UpstreamLeg> _legs = [];

    public async ValueTask InitializeAsync() => _upstream = await ScriptedUpstream.StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var leg in _legs)
        {
            await leg.DisposeAsync();
        }

        await _upstream.DisposeAsync();
    }

    private protected UpstreamLeg Leg(Action<UpstreamOptions> configure)
    {
        var leg = UpstreamLeg.To(_upstream.BaseUrl, options =>
        {
            options.Transport = TransportChoice.WebSocket;
            configure(options);
        });
        _legs.Add(leg);
        return leg;
    }

    private protected async Task<(IResponsesTransport Transport, ScriptedSocket Socket)> ConnectAsync(Action<UpstreamOptions> configure)
    {
        var transport = await Leg(configure).ConnectAsync(CancellationToken.None).Soon("the socket opens");
        return (transport, await _upstream.NextSocketAsync());
    }

    private protected static async Task<List<ResponseEvent>> CollectAsync(IResponsesTransport transport, string text)
    {
        var events = new List<ResponseEvent>();
        await CollectIntoAsync(transport, text, events).Soon("the response ends");
        return events;
    }

    private protected static async Task CollectIntoAsync(IResponsesTransport transport, string text, List<ResponseEvent> events)
    {
        await foreach (var received in transport.CreateResponseAsync(UpstreamLeg.Request(transport, text), CancellationToken.None))
        {
            events.Add(received);
        }
    }
}
