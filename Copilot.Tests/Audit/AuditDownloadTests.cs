using System.Net;
using System.Text.Json;
using Copilot.Domain.Audit;
using Copilot.Domain.Audit.Checkpoints;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Audit;
using Copilot.Web.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Audit;

/// <summary>The downloads of the whole product, and the command beside the running server.</summary>
public sealed class AuditDownloadTests : IAsyncLifetime
{
    private WholeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Downloads_AreForAdminsAlone_AndRecorded_AndTheCheckpointHoldsTheDatabase()
    {
        using var staff = await ClientAsync("staff1");
        using var admin = await ClientAsync("admin1");
        foreach (var file in new[] { "log.csv", "log.jsonl", "checkpoint.txt" })
        {
            using var refused = await staff.GetAsync($"/admin/audit/{file}");
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        await _host.App.Services.GetRequiredService<IAccessLog>().RecordAsync(
            new AccessEntry { Action = AccessActions.Exported, ActorName = "=1+1", Address = "192.0.2.7", ObjectId = "run_1", After = "a \"clip\"" },
            CancellationToken.None);

        var csv = await admin.GetStringAsync("/admin/audit/log.csv?object=run_1");
        var lines = csv.Split("\r\n");
        Assert.Equal(AccessExport.CsvHeader.TrimEnd(), lines[0]);
        Assert.Contains("\"'=1+1\"", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"a \"\"clip\"\"\"", lines[1], StringComparison.Ordinal);
        Assert.Equal("", Assert.Single(lines[2..]));

        var json = (await admin.GetStringAsync("/admin/audit/log.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Contains(json, entry => entry.GetProperty("action").GetString() == AccessActions.AuditExported && entry.GetProperty("after").GetString()!.StartsWith("csv", StringComparison.Ordinal));
        Assert.Equal(
            ["Prices", "Retention", "Tools"],
            json.Where(entry => entry.GetProperty("action").GetString() == AccessActions.SettingsChanged).Select(entry => entry.GetProperty("object_id").GetString()).Order());

        var text = await admin.GetStringAsync("/admin/audit/checkpoint.txt");
        var exported = ExportedCheckpoint.Read(text)!;
        Assert.True(exported.Number > 0);
        var exportedFile = Path.Combine(_host.Folder, "exported.txt");
        await File.WriteAllTextAsync(exportedFile, text);
        var connection = StorageServiceCollectionExtensions.ConnectionString(
            _host.App.Services.GetRequiredService<IConfiguration>().GetConnectionString("Copilot"), _host.Folder);
        var verified = await TestCommand.RunAsync(connection, _host.Folder, "", "audit", "verify", "--checkpoint", exportedFile);
        Assert.Equal("", verified.Error);
        Assert.Contains(AuditText.Intact, verified.Out, StringComparison.Ordinal);
        Assert.Equal(0, verified.ExitCode);
    }

    private async Task<HttpClient> ClientAsync(string account)
    {
        var client = _host.Client();
        client.DefaultRequestHeaders.Add("Cookie", await _host.SignInAsync(account));
        return client;
    }
}
