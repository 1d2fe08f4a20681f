using Copilot.Web.Storage;
using Copilot.Web.Storage.Upkeep;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Audit;

/// <summary>Makes checkpoints while something is written, and the last one at shutdown, when the runs have settled.</summary>
internal sealed partial class CheckpointWorker(
    CheckpointMaker maker, IOptions<AuditOptions> options, TimeProvider time, ILogger<CheckpointWorker> logger) : CatchUpService
{
    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await MakeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        var isFound = false;
        using var timer = new PeriodicTimer(options.Value.CheckpointInterval, time);
        do
        {
            isFound = isFound || await TryAsync(maker.FindUnsealedAsync, stoppingToken);
            await MakeAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private Task<bool> MakeAsync(CancellationToken cancellationToken) => TryAsync(maker.MakeAsync, cancellationToken);

    private async Task<bool> TryAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await act(cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // No failure here may stop the host. What is not sealed is sealed with the next one.
            LogRetry(exception);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A checkpoint could not be made; trying again")]
    private partial void LogRetry(Exception exception);
}
