using Copilot.Web.Hosting;
using Copilot.Web.Options;

namespace Copilot.Tests.Hosting;

/// <summary>A start that cannot work ends before it touches anything, with all that is wrong and what to set.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copilot-start-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Start_ErrorsInSeveralRooms_AreListedAtOnce()
    {
        var refused = await RefusedAsync(
            "--Upstream:Transport=Carrier", "--Runs:MaxActive=-3", "--Retention:Days=0", "--DemoTools:Latency=00:02:00", "--Tools:DefaultDeadline=00:00:00");

        Assert.Equal(
            ["Upstream:Transport is 'Carrier'", "Runs:MaxActive is -3", "Retention:Days is 0", "DemoTools:Latency is 00:02:00", "Tools:DefaultDeadline is 00:00:00"],
            refused.Reasons.Select(reason => reason.Split(['.', ';'])[0]));
        Assert.Empty(_folder.GetFiles("*.db", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Start_ValueThatIsNoDuration_IsNamedOnce()
    {
        var refused = await RefusedAsync("--DemoTools:Latency=soon");

        Assert.StartsWith("DemoTools:Latency is 'soon'. Set it to", Assert.Single(refused.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Data Sour=x.db")]
    [InlineData("Data Source=appsettings.json/copilot.db")]
    public async Task Start_InvalidDatabase_NamesTheSetting(string connectionString)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "appsettings.json"), "{}");

        var refused = await RefusedAsync($"--ConnectionStrings:Copilot={connectionString}");

        Assert.Contains("Set ConnectionStrings__Copilot", Assert.Single(refused.Reasons), StringComparison.Ordinal);
    }

    private Task<StartRefusedException> RefusedAsync(params string[] settings) =>
        Assert.ThrowsAsync<StartRefusedException>(() => CopilotApplication.BuildAsync(
            [$"--contentRoot={_folder.FullName}", "--environment=Development", .. settings]));
}
