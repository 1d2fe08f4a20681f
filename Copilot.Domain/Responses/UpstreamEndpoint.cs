namespace Copilot.Domain.Responses;

/// <summary>The upstream's address and credentials.</summary>
/// <param name="BaseUrl">Base address (<c>http</c> or <c>https</c>), to which <c>/responses</c> is added.</param>
/// <param name="ApiKey">Bearer key, or null for none.</param>
/// <param name="IsDemo">True for the demo upstream of this process.</param>
public sealed record UpstreamEndpoint(Uri BaseUrl, string? ApiKey, bool IsDemo)
{
    /// <summary>The header that carries the key: <c>Authorization</c> as a bearer token, any other as it is (<c>api-key</c> on Azure).</summary>
    public string KeyHeader { get; init; } = "Authorization";

    /// <summary>More headers of every request, for example <c>OpenAI-Project</c>. Their values may be secret.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Omits key and headers, which a record would print.</summary>
    public override string ToString() => $"{nameof(UpstreamEndpoint)} {{ BaseUrl = {BaseUrl.GetLeftPart(UriPartial.Path)}, IsDemo = {IsDemo} }}";
}
