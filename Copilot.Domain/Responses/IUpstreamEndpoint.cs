using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses;

/// <summary>Says where the upstream is. Asked at each connect, because the demo upstream's address is known only after the start.</summary>
public interface IUpstreamEndpoint
{
    /// <summary>The endpoint to connect to now.</summary>
    /// <exception cref="TransportException">No upstream is configured.</exception>
    ValueTask<UpstreamEndpoint> GetAsync(CancellationToken cancellationToken);
}
