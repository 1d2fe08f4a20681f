using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Commands;
using Copilot.Web.Hosting;
using Copilot.Web.Options;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

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

    [Fact]
    public async Task Start_DatabaseThatAnotherServerUses_IsRefusedUntilThatOneHasEnded()
    {
        await using (await StartAsync())
        {
            var refused = await RefusedAsync();

            Assert.Equal(StorageText.OtherServer(DatabasePath), Assert.Single(refused.Reasons));
        }

        await using var next = await StartAsync();
    }

    [Fact]
    public async Task Start_DatabaseOfANewerVersion_IsRefused_AndCommandsRefuseIt()
    {
        await using (await StartAsync())
        {
            await using var connection = await ConnectAsync();
            await ExecuteAsync(connection, """INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '10.0.0')""");
        }

        var refused = await RefusedAsync();
        var people = await TestCommand.RunAsync($"Data Source={DatabasePath}", _folder.FullName, "", "people", "list");

        Assert.Equal(StorageText.Newer(DatabasePath), Assert.Single(refused.Reasons));
        Assert.Equal(ExitCodes.Refused, people.ExitCode);
        Assert.Equal(CommandText.DatabaseOld, people.Error.Trim());
    }

    [Fact]
    public async Task Start_DamagedDatabase_SaysWhatCanBeDone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(DatabasePath)!);
        await File.WriteAllTextAsync(DatabasePath, string.Concat(Enumerable.Repeat("This is no database. ", 400)));

        var refused = await RefusedAsync();

        Assert.EndsWith(StorageText.AdviceDamaged, Assert.Single(refused.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DatabaseOfAnotherProgram_IsRefusedWithASentence()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(DatabasePath)!);
        await using (var connection = await ConnectAsync())
        {
            await ExecuteAsync(connection, "CREATE TABLE users (name TEXT)");
        }

        var refused = await RefusedAsync();

        Assert.StartsWith($"{DatabasePath} could not be brought up to date", Assert.Single(refused.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP TABLE levers", "the table levers")]
    [InlineData("DROP TABLE find_texts", "the table find_texts")]
    [InlineData("ALTER TABLE runs RENAME COLUMN parent_seq TO other_seq", "the column runs.parent_seq")]
    public async Task Start_DatabaseThatWasChangedByHand_NamesWhatIsMissing(string change, string missing)
    {
        await using (await StartAsync())
        {
        }

        await using (var connection = await ConnectAsync())
        {
            await ExecuteAsync(connection, change);
        }

        var refused = await RefusedAsync();

        Assert.Equal(StorageText.Incomplete(DatabasePath, [missing]), Assert.Single(refused.Reasons));
    }

    [Fact]
    public async Task Start_DamagedKeyOfTheInstallation_SaysWhatToDo()
    {
        var file = Path.Combine(_folder.FullName, "App_Data", "keys", "installation.key");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "half");

        var refused = await RefusedAsync();

        Assert.StartsWith($"{file} is not a key of 32 bytes. Restore it from a backup, or delete it:", Assert.Single(refused.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutASettingsFile_LogsNoStatements()
    {
        await using (await StartAsync())
        {
        }

        var logs = Directory.GetFiles(_folder.FullName, "copilot-*.json", SearchOption.AllDirectories).Select(File.ReadAllText);
        Assert.DoesNotContain("Executed DbCommand", string.Concat(logs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Settings_AreReadOnce()
    {
        await using var app = await StartAsync();

        var files = ((IConfigurationRoot)app.Configuration).Providers.OfType<FileConfigurationProvider>().ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.False(file.Source.ReloadOnChange));
    }

    private string DatabasePath => Path.Combine(_folder.FullName, "App_Data", "copilot.db");

    private async Task<SqliteConnection> ConnectAsync()
    {
        var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private Task<WebApplication> StartAsync() =>
        CopilotApplication.BuildAsync([$"--contentRoot={_folder.FullName}", "--environment=Development"]);

    private Task<StartRefusedException> RefusedAsync(params string[] settings) =>
        Assert.ThrowsAsync<StartRefusedException>(() => CopilotApplication.BuildAsync(
            [$"--contentRoot={_folder.FullName}", "--environment=Development", .. settings]));
}
