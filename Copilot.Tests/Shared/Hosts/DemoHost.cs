namespace Copilot.Tests.Shared.Hosts;

/// <summary>One host in demo mode for all tests of a class that only ask it things.</summary>
public sealed class DemoHost : IAsyncLifetime
{
    internal PeopleHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await PeopleHost.StartDemoAsync();

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();
}
