namespace Copilot.Tests.Demo.Upstream.Faults;

/// <summary>A socket of the demo upstream on which faults are asked for.</summary>
public abstract class ResponseFaultScene(DemoUpstreamFixture fixture) : DemoSocketScene(fixture)
{
    private protected readonly string _key = Guid.NewGuid().ToString();
}
