using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor;

/// <summary>Runs on a scripted upstream. The test starts the host, with the tools and options that it is about.</summary>
public abstract class RunScene : IAsyncLifetime
{
    private protected ScriptedUpstream _upstream = null!;
    private protected RunHost _host = null!;

    public async ValueTask InitializeAsync() => _upstream = await ScriptedUpstream.StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
