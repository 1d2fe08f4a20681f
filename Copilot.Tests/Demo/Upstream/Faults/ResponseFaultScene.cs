using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Demo.Upstream.Faults;

/// <summary>A socket of the demo upstream on which faults are asked for.</summary>
public abstract class ResponseFaultScene(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>, IAsyncLifetime
{
    private protected readonly DemoUpstreamHost _host = fixture.Host;
    private protected readonly string _key = Guid.NewGuid().ToString();
    private protected DemoSocket _socket = null!;

    public async ValueTask InitializeAsync() => _socket = await DemoSocket.ConnectAsync(_host);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
