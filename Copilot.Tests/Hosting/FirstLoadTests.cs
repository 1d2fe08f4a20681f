using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Copilot.Tests.Shared.Hosts;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Hosting;

/// <summary>How assets go over the wire with <c>dotnet run</c>, in the environment Development.</summary>
public sealed partial class FirstLoadTests
{
    private static readonly string[] s_texts = [".css", ".js", ".svg", ".webmanifest"];

    [Fact]
    public async Task Assets_AsBuilt_AreCompressedAndCached()
    {
        await using var host = await WholeHost.StartAsync();
        using var client = host.Client();

        var load = await FirstLoad.ReadAsync(client, "gzip");

        Assert.NotEmpty(load.Assets);
        Assert.All(load.Texts, asset => Assert.Equal("gzip", asset.Encoding));
        Assert.All(load.Assets, asset => Assert.True(asset.IsImmutable, asset.Address));
        Assert.InRange(load.Bytes, 1, FirstLoad.Limit);

        // What the pages behind it load: of each text with a fingerprint there is a compressed one at the same address.
        var assets = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>())
            .OfType<StaticAssetDescriptor>()
            .Where(asset => s_texts.Contains(Path.GetExtension(asset.Route)))
            .ToLookup(asset => asset.Route);
        var plain = assets
            .Where(asset => asset.Any(one => one.Properties.Any(property => property.Name == "fingerprint")) && asset.All(one => one.Selectors.Count == 0))
            .Select(asset => asset.Key);
        Assert.Contains(assets, asset => asset.Key.StartsWith("kit/mudblazor.", StringComparison.Ordinal));
        Assert.Empty(plain);

        await AssertModulesAsync(host, client);
        using var icon = await client.GetAsync(new Uri("favicon.ico", UriKind.Relative));
        Assert.Equal("image/x-icon", icon.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>A page maps each script module to its fingerprint, also those that other modules ask for, and lets no other script stand in it.</summary>
    private static async Task AssertModulesAsync(WholeHost host, HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Cookie", await host.SignInAsync("staff1"));
        using var page = await client.SendAsync(request);
        var map = ImportMap().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(map)));
        Assert.Contains($"script-src 'self' 'sha256-{hash}'; ", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var imports = JsonDocument.Parse(map).RootElement.GetProperty("imports").EnumerateObject()
            .ToDictionary(one => new Uri(host.Address, one.Name), one => new Uri(host.Address, one.Value.GetString()));

        Assert.Contains(new Uri(host.Address, "Components/Live/LivePage.razor.js"), imports.Keys);
        Assert.Contains(new Uri(host.Address, "js/drafts.js"), imports.Keys);
        foreach (var (name, address) in imports)
        {
            using var module = await client.GetAsync(address);
            Assert.NotEqual(name, address);
            Assert.True(new LoadedAsset(address.ToString(), null, module.Headers.CacheControl, 0).IsImmutable, address.ToString());

            // What it imports is looked up from where it is itself.
            Assert.All(
                Import().Matches(await module.Content.ReadAsStringAsync()).Select(import => new Uri(address, import.Groups[1].Value)),
                import => Assert.Contains(import, imports.Keys));
        }
    }

    [GeneratedRegex("""<script type="importmap">(.*?)</script>""")]
    private static partial Regex ImportMap();

    [GeneratedRegex("""(?m)^import (?:[^'"]* from )?'([^']+)'""")]
    private static partial Regex Import();
}
