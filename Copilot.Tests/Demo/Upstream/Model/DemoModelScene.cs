using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Demo.Upstream.Model;

/// <summary>The demo model over a socket, and the tools of the sample company.</summary>
public abstract class DemoModelScene(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>, IAsyncLifetime
{
    private protected const string Booking = "Contoso's cooling pump is broken, book a technician and reserve the spare";

    private protected readonly FieldService _service = new();
    private protected readonly DemoUpstreamHost _host = fixture.Host;
    private protected DemoSocket _socket = null!;

    public async ValueTask InitializeAsync() => _socket = await DemoSocket.ConnectAsync(_host);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected List<string> Names() => [.. _service.Rounds.Select(round => string.Join(',', round.Select(call => call.Name)))];
}
