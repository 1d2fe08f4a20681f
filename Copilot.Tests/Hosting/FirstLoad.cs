using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Copilot.Tests.Hosting;

/// <summary>What a browser loads to show the sign-in page for the first time, what it fetches ahead included.</summary>
internal sealed partial record FirstLoad(IReadOnlyList<LoadedAsset> Assets, long Bytes)
{
    /// <summary>The most bytes that may go over the wire.</summary>
    public const long Limit = 150_000;

    /// <summary>Those that can be compressed.</summary>
    public IEnumerable<LoadedAsset> Texts => Assets.Where(asset => !asset.Address.EndsWith(".png", StringComparison.Ordinal));

    public static async Task<FirstLoad> ReadAsync(HttpClient client, string accepted)
    {
        var page = await client.GetStringAsync(new Uri("signin", UriKind.Relative));
        var assets = new List<LoadedAsset>();
        foreach (var address in Address().Matches(page).Select(match => match.Groups[1].Value).Distinct())
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
            using var answer = await client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            assets.Add(new LoadedAsset(
                address,
                answer.Content.Headers.ContentEncoding.SingleOrDefault(),
                answer.Headers.CacheControl,
                (await answer.Content.ReadAsByteArrayAsync()).Length));
        }

        return new FirstLoad(assets, page.Length + assets.Sum(asset => asset.Bytes));
    }

    [GeneratedRegex("""<(?:link|script|img)[^>]* (?:href|src)="([^"]+)""")]
    private static partial Regex Address();
}

/// <summary>One of them.</summary>
internal sealed record LoadedAsset(string Address, string? Encoding, CacheControlHeaderValue? Cache, long Bytes)
{
    public bool IsImmutable => Cache is { MaxAge.TotalDays: >= 365 } && Cache.Extensions.Any(extension => extension.Name == "immutable");
}
