using Microsoft.Extensions.Options;

namespace Copilot.Web.Storage.Packing;

/// <summary>Packs runs that ended a while ago, a few events at a time, for as long as the server runs.</summary>
internal sealed partial class PackingHost(
    RunPacker packer, IOptions<PackingOptions> options, TimeProvider time, ILogger<PackingHost> logger) : BackgroundService
{
    private const int Runs = 100;

    // They are tried again after the next start.
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    /// <summary>Packs all that is due.</summary>
    public async Task PackDueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> due;
        do
        {
            due = await packer.ReadDueAsync(time.GetUtcNow() - options.Value.After, Runs, _failed, cancellationToken);
            foreach (var runId in due)
            {
                try
                {
                    while (await packer.PackNextAsync(runId, time.GetUtcNow(), cancellationToken))
                    {
                        await Task.Delay(options.Value.Pause, time, cancellationToken);
                    }
                }
                catch (Exception exception) when (!StorageFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
                {
                    // Of this run alone.
                    _failed.Add(runId);
                    LogNotPacked(exception, runId);
                }
            }
        }
        while (due.Count == Runs);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PackDueAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId} is left as it is, because it cannot be packed")]
    private partial void LogNotPacked(Exception exception, string runId);

    [LoggerMessage(LogLevel.Warning, "Ended runs could not be packed; they are tried again")]
    private partial void LogLater(Exception exception);
}
