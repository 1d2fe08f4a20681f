using Copilot.Domain.Responses.Events;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>The endpoint as <c>Upstream</c> configures it.</summary>
internal sealed class ConfiguredUpstreamEndpoint(IOptionsMonitor<UpstreamOptions> options) : IUpstreamEndpoint
{
    public ValueTask<UpstreamEndpoint> GetAsync(CancellationToken cancellationToken)
    {
        var current = options.CurrentValue;
        if (current.BaseUrl is null)
        {
            throw new TransportException(
                TransportFailure.Unreachable, "No upstream is configured. Set Upstream:BaseUrl or OPENAI_BASE_URL.", innerException: null);
        }

        return ValueTask.FromResult(new UpstreamEndpoint(current.BaseUrl, current.ApiKey, IsDemo: false)
        {
            KeyHeader = current.ApiKeyHeader,
            Headers = current.Headers,
        });
    }
}
