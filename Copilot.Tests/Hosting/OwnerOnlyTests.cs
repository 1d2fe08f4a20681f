using System.Runtime.Versioning;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Hosting;
using Copilot.Web.Options;
using Copilot.Web.Storage;

namespace Copilot.Tests.Hosting;

public sealed class OwnerOnlyTests : IDisposable
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copilot-owner-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Start_FilesThatOthersCouldRead_AreTheOwnersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        var logs = _folder.CreateSubdirectory("App_Data").CreateSubdirectory("logs").FullName;
        var log = Path.Combine(logs, "copilot-20200101.json");
        await File.WriteAllTextAsync(log, "{}");
        File.SetUnixFileMode(log, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var database = Path.Combine(_folder.FullName, "elsewhere.db");
        foreach (var name in new[] { database, database + "-wal" })
        {
            await File.WriteAllTextAsync(name, "");
            File.SetUnixFileMode(name, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        OwnerOnly.Tighten(_folder.FullName, $"Data Source={database}");

        foreach (var path in new[] { Path.Combine(_folder.FullName, "App_Data"), logs, log, database, database + "-wal" })
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others);
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Start_Whole_LeavesNothingOfTheDatabaseToOthers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await using var host = await WholeHost.StartAsync();

        Assert.All(
            Directory.GetFiles(Path.Combine(host.Folder, "App_Data"), "copilot.db*").Append(Path.Combine(host.Folder, "App_Data")),
            path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others));
    }

    [Fact]
    public async Task Start_FoldersThatCannotBeWritten_AreNamed()
    {
        var data = _folder.CreateSubdirectory("App_Data").FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "keys"), "");
        await File.WriteAllTextAsync(Path.Combine(data, "logs"), "");

        var refused = await Assert.ThrowsAsync<StartRefusedException>(
            () => CopilotApplication.BuildAsync([$"--contentRoot={_folder.FullName}", "--environment=Development"]));

        Assert.Collection(
            refused.Reasons,
            reason => Assert.StartsWith(Path.Combine(data, "keys"), reason, StringComparison.Ordinal),
            reason => Assert.StartsWith(Path.Combine(data, "logs"), reason, StringComparison.Ordinal));
    }
}
