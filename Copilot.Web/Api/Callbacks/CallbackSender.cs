using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Api.Runs;
using Copilot.Web.Options;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Api.Callbacks;

/// <summary>
/// Sends one callback, signed as <see href="https://www.standardwebhooks.com">Standard Webhooks</see> describes. It follows no redirect,
/// uses no proxy and connects to nobody whom the settings close, whatever a name resolves to.
/// </summary>
internal sealed partial class CallbackSender(
    IRunEventStore store,
    IRunAccess access,
    RunDocuments documents,
    IDbContextFactory<CopilotDbContext> contexts,
    IOptions<CallbackOptions> options,
    TimeProvider time,
    ILogger<CallbackSender> logger) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = (connect, cancellationToken) => ConnectAsync(connect.DnsEndPoint, options.Value.AllowPrivateAddresses, cancellationToken),
    });

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

        using var tooLong = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancellationToken);
        try
        {
            using var request = await RequestAsync(callback, run, secret, either.Token);
            using var answer = await _http.SendAsync(request, either.Token);
            LogAnswered(callback.RunId, (int)answer.StatusCode);
            return answer.IsSuccessStatusCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            LogFailed(callback.RunId, exception.GetType().Name);
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowsPrivate, CancellationToken cancellationToken)
    {
        // Checked at the connection itself: between a check and a second look-up the name could lead elsewhere.
        var addresses = (await Dns.GetHostAddressesAsync(host.Host, cancellationToken)).Where(address => allowsPrivate || CallbackAddress.IsPublic(address)).ToArray();
        if (addresses.Length == 0)
        {
            throw new HttpRequestException("The address is not a public one.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<bool> MayBeToldAsync(RunSummary run, CancellationToken cancellationToken)
    {
        var now = UnixMicroseconds.From(time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var keyWorks = await db.ApiKeys.AsNoTracking()
            .AnyAsync(key => key.Id == run.ApiKeyId && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now), cancellationToken);
        return keyWorks
            && await access.TryAcquireAsync(run.UserId, new RunOwner(run.UserId, run.TeamId), RunAction.View, cancellationToken) is not null;
    }

    private async Task<HttpRequestMessage> RequestAsync(
        RunCallbackRow callback, RunSummary run, string secret, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = callback.DeliveryId!;
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var document = new CallbackDocument("run." + run.Status.ToWire(), ApiTime.Format(now), await documents.ReadAsync(run, cancellationToken));
        var body = JsonSerializer.SerializeToUtf8Bytes(document, ApiJson.Default.CallbackDocument);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var request = new HttpRequestMessage(HttpMethod.Post, callback.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Copilot");
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)));
        return request;
    }

    [LoggerMessage(LogLevel.Debug, "The callback of {RunId} was answered with status {Status}")]
    private partial void LogAnswered(string runId, int status);

    [LoggerMessage(LogLevel.Information, "The callback of {RunId} failed: {Kind}")]
    private partial void LogFailed(string runId, string kind);
}
