namespace Copilot.Tests.Demo.Upstream.Model;

/// <summary>The demo model over a socket, and the tools of the sample company.</summary>
public abstract class DemoModelScene(DemoUpstreamFixture fixture) : DemoSocketScene(fixture)
{
    private protected const string Booking = "Contoso's cooling pump is broken, book a technician and reserve the spare";

    private protected readonly FieldService _service = new();

    private protected List<string> Names() => [.. _service.Rounds.Select(round => string.Join(',', round.Select(call => call.Name)))];
}
