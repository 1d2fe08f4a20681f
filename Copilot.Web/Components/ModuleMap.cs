using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components;

/// <summary>
/// The import map of a page: a script module is asked for by the name that it has in the source, also by another module, and fetched by its
/// fingerprint. So it is cached for ever, and a new release brings what has changed and nothing else.
/// </summary>
internal sealed class ModuleMap
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.Default };

    // What there is does not change while the server runs.
    private static readonly ConditionalWeakTable<ResourceAssetCollection, ModuleMap> s_maps = [];

    private ModuleMap(ResourceAssetCollection assets)
    {
        var imports = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var asset in assets)
        {
            if (asset.Properties?.FirstOrDefault(property => property.Name == "label")?.Value is { } label && IsModule(label))
            {
                imports["./" + label] = "./" + asset.Url;
            }
        }

        Json = JsonSerializer.Serialize(new { imports }, s_json);
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Json)))}'";
    }

    /// <summary>The map, as it stands in the page.</summary>
    public string Json { get; }

    /// <summary>What the content security policy calls it: no other script may stand in a page.</summary>
    public string Source { get; }

    /// <summary>The map of these assets.</summary>
    public static ModuleMap Of(ResourceAssetCollection assets) => s_maps.GetValue(assets, static all => new ModuleMap(all));

    private static bool IsModule(string name) =>
        name.EndsWith(".razor.js", StringComparison.Ordinal)
        || (name.StartsWith("js/", StringComparison.Ordinal) && name.EndsWith(".js", StringComparison.Ordinal));
}
