using Microsoft.Extensions.Configuration.Memory;

namespace Copilot.Web.Hosting;

/// <summary>
/// Assets go out as they were built, compressed and cached by fingerprint, with <c>dotnet run</c> as when published: in Development the
/// framework would serve them anew each time and without compression, in case somebody edits them.
/// </summary>
internal static class AssetDelivery
{
    /// <summary>Serves assets as built, except to <c>dotnet watch</c>, which changes them while it runs. A setting of the same name wins.</summary>
    public static WebApplicationBuilder UseBuiltAssets(this WebApplicationBuilder builder)
    {
        if (Environment.GetEnvironmentVariable("DOTNET_WATCH") is null)
        {
            builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
            {
                InitialData =
                [
                    KeyValuePair.Create<string, string?>("ReloadStaticAssetsAtRuntime", "false"),
                    KeyValuePair.Create<string, string?>("EnableStaticAssetsDevelopmentCaching", "true"),
                ],
            });
        }

        // The assets are at the top of the repository; published, they are beside the program.
        builder.WebHost.UseStaticWebAssets();
        return builder;
    }
}
