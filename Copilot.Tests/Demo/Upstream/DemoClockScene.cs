using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>A socket to a demo upstream of its own, on a clock that only the test moves.</summary>
public abstract class DemoClockScene : IAsyncLifetime
{
    private protected readonly ManualClock _clock = new();
    private protected DemoUpstreamHost _host = null!;
    private protected DemoSocket _socket = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await DemoUpstreamHost.StartAsync(_clock, tokensPerSecond: 0);
        _socket = await DemoSocket.ConnectAsync(_host);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _socket.Dispose();
        await _host.DisposeAsync();
    }
}
