using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>A socket to the demo upstream that the tests of a class share; each test has a socket of its own.</summary>
public abstract class DemoSocketScene(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>, IAsyncLifetime
{
    private protected readonly DemoUpstreamHost _host = fixture.Host;
    private protected DemoSocket _socket = null!;

    public async ValueTask InitializeAsync() => _socket = await DemoSocket.ConnectAsync(_host);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
