using Copilot.Domain.Runs.Log;
using Copilot.Web.Api.Callbacks;
using Copilot.Web.Security.Webhooks;
using Copilot.Web.Storage;

namespace Copilot.Web.Hosting;

/// <summary>Reports runs to the addresses that their callers have named. No run waits for it.</summary>
internal sealed partial class CallbackHost(
    IRunDirectory directory, RunCallbacks callbacks, CallbackSender sender, TimeProvider time, ILogger<CallbackHost> logger) : BackgroundService
{
    private const int AtOnce = 8;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        callbacks.AreOffered ? Task.WhenAll(CollectAsync(stoppingToken), SendAsync(stoppingToken)) : Task.CompletedTask;

    private async Task CollectAsync(CancellationToken stoppingToken)
    {
        await foreach (var changed in directory.FollowAsync(RunScope.Everyone, stoppingToken))
        {
            foreach (var run in changed.Where(run => run.ApiKeyId is not null && RunCallbacks.IsReported(run.Status)))
            {
                try
                {
                    await callbacks.ReportAsync(run, stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // The next start finds it. No failure here may stop the host.
                    LogNotSaved(exception, run.RunId);
                }
            }
        }
    }

    private Task SendAsync(CancellationToken stoppingToken)
    {
        var isFirst = true;
        return DueDeliveries.RunAsync(() => callbacks.Changed, SendDueAsync, LogNotRead, time, stoppingToken);

        async Task<DateTimeOffset?> SendDueAsync(CancellationToken cancellationToken)
        {
            if (isFirst)
            {
                await callbacks.RecoverAsync(cancellationToken);
                isFirst = false;
            }

            while (await callbacks.ReadDueAsync(AtOnce, cancellationToken) is { Count: > 0 } due)
            {
                await Task.WhenAll(due.Select(callback => SendAsync(callback, cancellationToken)));
            }

            return await callbacks.NextAsync(cancellationToken);
        }
    }

    private async Task SendAsync(RunCallbackRow callback, CancellationToken stoppingToken)
    {
        var delivered = false;
        try
        {
            delivered = await sender.TrySendAsync(callback, stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested && !StorageFailure.Is(exception))
        {
            // A try like any other that failed: one callback must hold up no other.
            LogBroken(exception, callback.RunId);
        }

        if (await callbacks.SettleAsync(callback, delivered, stoppingToken) && !delivered)
        {
            LogGivenUp(callback.RunId);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The callback of {RunId} could not be noted")]
    private partial void LogNotSaved(Exception exception, string runId);

    [LoggerMessage(LogLevel.Error, "The callback of {RunId} could not be made")]
    private partial void LogBroken(Exception exception, string runId);

    [LoggerMessage(LogLevel.Warning, "Callbacks could not be read, or not noted; they are tried again")]
    private partial void LogNotRead(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The callback of {RunId} was given up: its address has not accepted it")]
    private partial void LogGivenUp(string runId);
}
