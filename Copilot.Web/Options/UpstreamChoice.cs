using Copilot.Domain.Responses;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>
/// Which upstream the product speaks to: the one that was set, also in demo mode; the demo upstream when none was set there.
/// </summary>
/// <param name="BaseUrl">The address that was set; null for the demo upstream, whose address is known once the server listens.</param>
/// <param name="ApiKey">The key to send, or null for none.</param>
public sealed record UpstreamChoice(Uri? BaseUrl, string? ApiKey)
{
    /// <summary>The header that carries the key.</summary>
    public string KeyHeader { get; init; } = "Authorization";

    /// <summary>More headers to send.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>True when the demo upstream answers; the screens say so.</summary>
    public bool IsDemoUpstream => BaseUrl is null;

    /// <summary>Decides from the options.</summary>
    internal static UpstreamChoice From(IOptions<UpstreamOptions> upstream, IOptions<DemoOptions> demo) =>
        upstream.Value.BaseUrl is { } address
            ? new UpstreamChoice(address, upstream.Value.ApiKey) { KeyHeader = upstream.Value.ApiKeyHeader, Headers = upstream.Value.Headers }
            : new UpstreamChoice(null, demo.Value.ApiKey);
}
