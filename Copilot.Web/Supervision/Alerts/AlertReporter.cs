using System.Text;
using Copilot.Web.Security.Webhooks;
using Copilot.Web.Storage.Supervision;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>Sends the reports of alerts to the addresses of the settings. No alert waits for it.</summary>
internal sealed partial class AlertReporter(AlertReports reports, IOptions<AlertOptions> options, TimeProvider time, ILogger<AlertReporter> logger)
    : BackgroundService
{
    private const int AtOnce = 8;

    private readonly WebhookSender _sender = new(() => options.Value.AllowPrivateAddresses, time);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _sender.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        DueDeliveries.RunAsync(() => reports.Changed, SendDueAsync, LogNotRead, time, stoppingToken);

    private async Task<DateTimeOffset?> SendDueAsync(CancellationToken stoppingToken)
    {
        while (await reports.ReadDueAsync(AtOnce, stoppingToken) is { Count: > 0 } due)
        {
            await Task.WhenAll(due.Select(report => SendAsync(report, stoppingToken)));
        }

        return await reports.NextAsync(stoppingToken);
    }

    private async Task SendAsync(AlertReportRow report, CancellationToken stoppingToken)
    {
        var delivered = await TrySendAsync(report, stoppingToken);
        if (await reports.SettleAsync(report, delivered, stoppingToken) && !delivered)
        {
            LogGivenUp(report.Id);
        }
    }

    // An address that is no longer in the settings is told nothing any more.
    private async Task<bool> TrySendAsync(AlertReportRow report, CancellationToken stoppingToken)
    {
        if (options.Value.Webhooks.FirstOrDefault(webhook => webhook.Url?.ToString() == report.Url) is not { Secret: { } secret })
        {
            return true;
        }

        try
        {
            var webhook = new Webhook(report.Url, secret, report.Id, Encoding.UTF8.GetBytes(report.Body));
            return await _sender.SendAsync(webhook, options.Value.Timeout, stoppingToken) is >= 200 and < 300;
        }
        catch (Exception exception) when (WebhookSender.IsTheirs(exception))
        {
            LogFailed(report.Id, exception.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Report {ReportId} of an alert failed: {Kind}")]
    private partial void LogFailed(string reportId, string kind);

    [LoggerMessage(LogLevel.Warning, "Report {ReportId} of an alert was given up: its address has not accepted it")]
    private partial void LogGivenUp(string reportId);

    [LoggerMessage(LogLevel.Warning, "Reports of alerts could not be read, or not noted; they are tried again")]
    private partial void LogNotRead(Exception exception);
}
