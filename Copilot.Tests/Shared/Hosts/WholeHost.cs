using System.Net;
using System.Text.Json;
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
            "--Demo:TokensPerSecond=0", "--Display:TitlesByModel=false", "--Runs:DrainTimeout=00:00:00", .. settings,
        ]);
        await app.StartAsync();
        return new WholeHost(folder, app);
    }

    /// <summary>A client that follows no redirect and keeps no cookies.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = Address };

    /// <summary>Signs one of the demo's people in, and gives the browser's cookies.</summary>
    public async Task<string> SignInAsync(string account)
    {
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies, UseProxy = false })
        {
            BaseAddress = Address,
        };
        using var signedIn = await PeopleHost.PostFormAsync(browser, "/signin", "/account/demo", ("account", account));
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
        return cookies.GetCookieHeader(Address);
    }

    /// <summary>Stops it once every request has ended, and gives what it has logged at Warning and above.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await App.StopAsync();
        var lines = new List<string>();
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, "App_Data", "logs")))
        {
            using var log = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            while (await log.ReadLineAsync() is { } line)
            {
                using var entry = JsonDocument.Parse(line);
                if (entry.RootElement.GetProperty("Level").GetString() is "Warning" or "Error" or "Fatal")
                {
                    lines.Add(line);
                }
            }
        }

        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
