using System.Text.Encodings.Web;
using System.Text.Json;
using Copilot.Domain.Audit;
using Copilot.Domain.Costs;
using Copilot.Domain.Erasure;
using Copilot.Domain.Tools;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Options;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Audit;

/// <summary>
/// Records at start that prices, tools or retention are others than at the start before: they are settings of the installation, so a
/// start is when they change.
/// </summary>
internal sealed partial class SettingsWatch(
    IDbContextFactory<CopilotDbContext> contexts,
    IAccessLog log,
    IOptions<PriceOptions> prices,
    IOptions<ToolOptions> tools,
    IOptions<RetentionOptions> retention,
    ILogger<SettingsWatch> logger) : IHostedService
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RecordAsync("Prices", prices.Value, cancellationToken);
            await RecordAsync("Tools", tools.Value, cancellationToken);
            await RecordAsync("Retention", retention.Value, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // They are in force already; the next start compares again.
            LogNotRecorded(exception);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RecordAsync<T>(string section, T options, CancellationToken cancellationToken)
    {
        var now = JsonSerializer.Serialize(options, s_json);
        string? before;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            before = await db.AccessLog.AsNoTracking()
                .Where(row => row.Action == AccessActions.SettingsChanged && row.ObjectId == section)
                .OrderByDescending(row => row.Seq)
                .Select(row => row.After)
                .FirstOrDefaultAsync(cancellationToken);
        }

        if (before != now)
        {
            var by = ChangedBy.CommandLine;
            await log.RecordAsync(
                new AccessEntry
                {
                    Action = AccessActions.SettingsChanged,
                    ActorName = by.Name,
                    Address = $"start on {Environment.MachineName}",
                    ObjectId = section,
                    Before = before,
                    After = now,
                },
                cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Whether settings have changed could not be recorded")]
    private partial void LogNotRecorded(Exception exception);
}
