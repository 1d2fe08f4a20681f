using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>One demo upstream for all tests of a class; each test has its own socket.</summary>
public sealed class DemoUpstreamFixture : IAsyncLifetime
{
    internal DemoUpstreamHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await DemoUpstreamHost.StartAsync();

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();
}
