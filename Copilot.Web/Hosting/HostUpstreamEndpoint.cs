using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Web.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Copilot.Web.Hosting;

/// <summary>The configured upstream, else the demo upstream of this process at the address the server is bound to.</summary>
internal sealed class HostUpstreamEndpoint(UpstreamChoice choice, IServer server) : IUpstreamEndpoint
{
    /// <inheritdoc/>
    public ValueTask<UpstreamEndpoint> GetAsync(CancellationToken cancellationToken)
    {
        if (choice.BaseUrl is { } configured)
        {
            return ValueTask.FromResult(new UpstreamEndpoint(configured, choice.ApiKey, IsDemo: false)
            {
                KeyHeader = choice.KeyHeader,
                Headers = choice.Headers,
            });
        }

        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses
            .Select(text => new Uri(text))
            .OrderBy(uri => uri.Scheme == Uri.UriSchemeHttp ? 0 : 1)
            .FirstOrDefault()
            ?? throw new TransportException(
                TransportFailure.Unreachable, "The demo upstream is not listening yet. Try again in a moment.", innerException: null);
        return ValueTask.FromResult(new UpstreamEndpoint(new Uri(address, "/demo/v1"), choice.ApiKey, IsDemo: true));
    }
}
