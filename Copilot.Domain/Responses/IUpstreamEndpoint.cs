using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses;

/// <summary>Provides the upstream's address. Read at each connect, because the demo upstream's address is known only after start-up.</summary>
public interface IUpstreamEndpoint
{
    /// <summary>The endpoint to connect to now.</summary>
    /// <exception cref="TransportException">No upstream is configured.</exception>
    ValueTask<UpstreamEndpoint> GetAsync(CancellationToken cancellationToken);
}
