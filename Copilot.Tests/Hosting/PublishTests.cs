using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using Copilot.Tests.Architecture;
using Copilot.Web.Identity;

namespace Copilot.Tests.Hosting;

/// <summary>What is published runs from its own folder and does the same as <c>dotnet run</c>.</summary>
public sealed class PublishTests(PublishedProgram program) : IClassFixture<PublishedProgram>
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Theory]
    [InlineData("css/app.css")]
    [InlineData("js/reconnect.js")]
    [InlineData("manifest.webmanifest")]
    public async Task File_OfTheTopLevelWebRoot_IsServedUnchanged(string path)
    {
        var served = await program.Client.GetByteArrayAsync(path);

        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(SourceTree.Root, "wwwroot", path)), served);
    }

    [Theory]
    [InlineData("_framework/blazor.web.js", "text/javascript")]
    [InlineData("kit/mudblazor.css", "text/css")]
    [InlineData("kit/mudblazor.js", "text/javascript")]
    [InlineData("Copilot.Web.styles.css", "text/css")]
    [InlineData("Components/Chat/Composer/MessageComposer.razor.js", "text/javascript")]
    public async Task File_OfTheFrameworkAPackageOrAComponent_IsServed(string path, string type)
    {
        using var answer = await program.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task SignIn_InDemoMode_OffersTheDemoAccounts()
    {
        var page = await program.Client.GetStringAsync(new Uri("signin", UriKind.Relative));

        Assert.Contains(AccountText.ContinueAs(Roles.Staff), page, StringComparison.Ordinal);
        Assert.Contains("css/app.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OverTheDemoKey_IsAnsweredAndSavedBelowTheFolder()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/runs?wait=60")
        {
            Headers = { { "Authorization", "Bearer demo-key" } },
            Content = JsonContent.Create(new { input = "Which filters do we have in stock?" }),
        };

        using var answer = await program.Client.SendAsync(request);
        var run = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("completed", run.GetProperty("status").GetString());
        Assert.Equal("websocket", run.GetProperty("transport").GetString());
        Assert.Equal(1, run.GetProperty("tool_calls").GetInt32());
        Assert.StartsWith("Healthy", await program.Client.GetStringAsync(new Uri("health/ready", UriKind.Relative)), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(program.Folder, "App_Data", "copilot.db")));
        Assert.True(File.Exists(Path.Combine(program.Folder, "App_Data", "demo.db")));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Data_OfARunningProgram_IsItsAccountsAloneWhateverMadeIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using var upload = new HttpRequestMessage(HttpMethod.Post, "api/files?name=a.txt")
        {
            Headers = { { "Authorization", "Bearer demo-key" } },
            Content = new StringContent("a"),
        };
        using var uploaded = await program.Client.SendAsync(upload);
        Assert.Equal(HttpStatusCode.Created, uploaded.StatusCode);

        var all = Directory.GetFileSystemEntries(Path.Combine(program.Folder, "App_Data"), "*", SearchOption.AllDirectories);

        // The sample company, the logs and the files are made long after what was there at the start was looked at.
        foreach (var name in new[] { "demo.db", "logs", "files", "keys", "copilot.db-wal" })
        {
            Assert.Contains(all, path => Path.GetFileName(path) == name);
        }

        Assert.All(all, path => Assert.True((File.GetUnixFileMode(path) & Others) == UnixFileMode.None, path));
    }
}
