using System.Diagnostics;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor.Sending;

/// <summary>
/// A connection that is opened, and warmed, before there is a run. The run takes it when it connects, with all that happened on
/// it; one that is not taken is closed.
/// </summary>
internal sealed partial class RunPreparation : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ConnectNotice> _notices = [];
    private readonly IUpstreamConnector _connector;
    private readonly ResponsesSession _session;
    private readonly WarmUpRefusals _refusals;
    private readonly ILogger _logger;
    private readonly Task<IResponsesTransport?> _work;
    private bool _over;

    /// <summary>Begins to connect.</summary>
    /// <param name="connector">Opens the transport.</param>
    /// <param name="session">The session of the run to come.</param>
    /// <param name="refusals">Which upstreams are not to be warmed.</param>
    /// <param name="content">What the upstream may read already; null to open the socket alone.</param>
    /// <param name="logger">Its log.</param>
    public RunPreparation(
        IUpstreamConnector connector,
        ResponsesSession session,
        WarmUpRefusals refusals,
        Func<CancellationToken, Task<WarmUpContent?>> content,
        ILogger logger)
    {
        _connector = connector;
        _session = session;
        _refusals = refusals;
        _logger = logger;
        _work = Task.Run(() => PrepareAsync(content));
    }

    /// <summary>What happened on it, in order. Complete once it was taken.</summary>
    public IReadOnlyList<ConnectNotice> Notices => _notices;

    /// <summary>The transport, once it is ready and if it still works; else null, and nothing of it is left.</summary>
    /// <param name="timeout">How long to wait for what is still being prepared.</param>
    /// <param name="time">The clock of that wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IResponsesTransport?> TakeAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var decided = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_work, Task.Delay(timeout, time, decided.Token)).ConfigureAwait(false);
        await decided.CancelAsync().ConfigureAwait(false);
        if (_work.IsCompleted && await _work.ConfigureAwait(false) is { Ended.IsCompleted: false } ready && !cancellationToken.IsCancellationRequested)
        {
            _over = true;
            _stopping.Dispose();
            return ready;
        }

        await DisposeAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    /// <summary>Gives up what is under way and closes what was opened.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_over)
        {
            return;
        }

        _over = true;
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (await _work.ConfigureAwait(false) is { } transport)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    private async Task<IResponsesTransport?> PrepareAsync(Func<CancellationToken, Task<WarmUpContent?>> content)
    {
        // There is no run yet, and who writes the message is none of the upstream's business.
        Activity.Current = null;
        IResponsesTransport? transport = null;
        try
        {
            WarmUpContent? known = null;
            var opening = _connector.ConnectAsync(ConnectPurpose.WarmUp, _notices.Add, _stopping.Token);
            try
            {
                known = await content(_stopping.Token).ConfigureAwait(false);
            }
            finally
            {
                transport = await opening.ConfigureAwait(false);
            }

            if (known is null || _refusals.Contains(known.Settings.Model) || await WarmAsync(transport, known).ConfigureAwait(false))
            {
                return transport;
            }
        }
        catch (Exception exception)
        {
            // The run meets the same failure itself and reports it.
            LogNotPrepared(exception);
        }

        if (transport is not null)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>True when the transport can be used afterwards.</summary>
    private async Task<bool> WarmAsync(IResponsesTransport transport, WarmUpContent known)
    {
        var result = await SocketWarmUp
            .SendAsync(_session, transport, known.Settings, known.KnownInput, _stopping.Token).ConfigureAwait(false);
        if (result.Warmed is { } warmed)
        {
            _notices.Add(warmed);
            LogWarmed(warmed.ResponseId, warmed.InputItems);
        }

        if (result.Refused)
        {
            _refusals.Add(known.Settings.Model);
            LogRefused(known.Settings.Model);
        }

        return result.Outcome is not WarmUpOutcome.Broken;
    }

    [LoggerMessage(LogLevel.Debug, "A connection could not be prepared")]
    private partial void LogNotPrepared(Exception exception);

    [LoggerMessage(LogLevel.Information, "Warm-up {ResponseId} sent with {InputItems} input items, before its message")]
    private partial void LogWarmed(string responseId, int inputItems);

    [LoggerMessage(LogLevel.Information, "The upstream of {Model} does not support warm-ups; from now on sockets are only opened early")]
    private partial void LogRefused(string model);
}
