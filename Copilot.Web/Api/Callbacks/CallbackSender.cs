using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Api.Runs;
using Copilot.Web.Options;
using Copilot.Web.Security.Webhooks;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Api.Callbacks;

/// <summary>Sends one callback, if somebody may still be told.</summary>
internal sealed partial class CallbackSender(
    IRunEventStore store,
    IRunAccess access,
    RunDocuments documents,
    IDbContextFactory<CopilotDbContext> contexts,
    IOptions<CallbackOptions> options,
    TimeProvider time,
    ILogger<CallbackSender> logger) : IDisposable
{
    private readonly WebhookSender _sender = new(() => options.Value.AllowPrivateAddresses, time);

    /// <summary>
    /// Sends what is due. True when the other side has accepted it with a status of 2xx, or nobody is to be told any more: the run's
    /// content was deleted, or who started it may not see it now.
    /// </summary>
    public async Task<bool> TrySendAsync(RunCallbackRow callback, CancellationToken cancellationToken)
    {
        if (options.Value.Secret is not { } secret
            || await store.FindAsync(callback.RunId, cancellationToken) is not { ForgottenAt: null } run
            || !await MayBeToldAsync(run, cancellationToken))
        {
            return true;
        }

        try
        {
            var webhook = new Webhook(callback.Url, secret, callback.DeliveryId!, await BodyAsync(run, cancellationToken));
            var status = await _sender.SendAsync(webhook, options.Value.Timeout, cancellationToken);
            LogAnswered(callback.RunId, status);
            return status is >= 200 and < 300;
        }
        catch (Exception exception) when (WebhookSender.IsTheirs(exception))
        {
            LogFailed(callback.RunId, exception.GetType().Name);
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sender.Dispose();

    private async Task<bool> MayBeToldAsync(RunSummary run, CancellationToken cancellationToken)
    {
        var now = UnixMicroseconds.From(time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var keyWorks = await db.ApiKeys.AsNoTracking()
            .AnyAsync(key => key.Id == run.ApiKeyId && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now), cancellationToken);
        return keyWorks
            && await access.TryAcquireAsync(run.UserId, new RunOwner(run.UserId, run.TeamId), RunAction.View, cancellationToken) is not null;
    }

    private async Task<byte[]> BodyAsync(RunSummary run, CancellationToken cancellationToken) => JsonSerializer.SerializeToUtf8Bytes(
        new CallbackDocument("run." + run.Status.ToWire(), ApiTime.Format(time.GetUtcNow()), await documents.ReadAsync(run, cancellationToken)),
        ApiJson.Default.CallbackDocument);

    [LoggerMessage(LogLevel.Debug, "The callback of {RunId} was answered with status {Status}")]
    private partial void LogAnswered(string runId, int status);

    [LoggerMessage(LogLevel.Information, "The callback of {RunId} failed: {Kind}")]
    private partial void LogFailed(string runId, string kind);
}
