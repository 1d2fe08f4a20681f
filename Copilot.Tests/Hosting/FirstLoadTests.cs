using Copilot.Tests.Shared.Hosts;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Hosting;

/// <summary>How assets go over the wire with <c>dotnet run</c>, in the environment Development.</summary>
public sealed class FirstLoadTests
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

        using var icon = await client.GetAsync(new Uri("favicon.ico", UriKind.Relative));
        Assert.Equal("image/x-icon", icon.Content.Headers.ContentType?.MediaType);
    }
}
