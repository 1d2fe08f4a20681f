namespace Copilot.Domain.Responses;

/// <summary>Says where the upstream is. Asked at each connect, because the demo upstream's address is known only after the start.</summary>
public interface IUpstreamEndpoint
{
    /// <summary>The endpoint to connect to now.</summary>
    /// <exception cref="TransportException">No upstream is configured.</exception>
    ValueTask<UpstreamEndpoint> GetAsync(CancellationToken cancellationToken);
}

/// <summary>Where the upstream is and how to speak to it.</summary>
/// <param name="BaseUrl">Base address (<c>http</c> or <c>https</c>), to which <c>/responses</c> is added.</param>
/// <param name="ApiKey">Bearer key, or null for none.</param>
/// <param name="IsDemo">True for the demo upstream of this process.</param>
public sealed record UpstreamEndpoint(Uri BaseUrl, string? ApiKey, bool IsDemo)
{
    /// <summary>The same without the key: a record would print it.</summary>
    public override string ToString() => $"{nameof(UpstreamEndpoint)} {{ BaseUrl = {BaseUrl.GetLeftPart(UriPartial.Path)}, IsDemo = {IsDemo} }}";
}
