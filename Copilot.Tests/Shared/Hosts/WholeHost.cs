using Copilot.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Shared.Hosts;

/// <summary>The whole product in demo mode, as the program composes it, in a folder of its own.</summary>
internal sealed class WholeHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private WholeHost(DirectoryInfo folder, WebApplication app)
    {
        (_folder, App) = (folder, app);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    /// <summary>The content root.</summary>
    public string Folder => _folder.FullName;

    /// <param name="settings">As on the command line: <c>--Limits:Streams=2</c>.</param>
    public static async Task<WholeHost> StartAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("copilot-whole-");
        var app = await CopilotApplication.BuildAsync(
        [
            $"--contentRoot={folder.FullName}", "--applicationName=Copilot.Web", "--environment=Development", "--urls=http://127.0.0.1:0",
            "--Demo:TokensPerSecond=0", "--Display:TitlesByModel=false", .. settings,
        ]);
        await app.StartAsync();
        return new WholeHost(folder, app);
    }

    /// <summary>A client that follows no redirect and keeps no cookies.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
