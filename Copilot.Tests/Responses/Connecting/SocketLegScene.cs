using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Connecting;

/// <summary>Sockets to an upstream, on a clock that only the test moves.</summary>
public abstract class SocketLegScene(Action<UpstreamOptions> configure) : IAsyncLifetime
{
    private protected readonly ManualClock _clock = new();
    private protected ScriptedUpstream _upstream = null!;
    private protected UpstreamLeg _leg = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _leg = UpstreamLeg.To(
            _upstream.BaseUrl,
            options =>
            {
                options.Transport = TransportChoice.WebSocket;
                configure(options);
            },
            _clock);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _leg.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private protected Task<IResponsesTransport> ConnectAsync() => _leg.ConnectAsync(CancellationToken.None).Soon("the socket opens");
}
