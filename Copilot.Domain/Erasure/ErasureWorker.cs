using Copilot.Domain.Concurrency;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Erasure;

/// <summary>
/// Does the forgetting, one conversation at a time. Each step is committed before the next and can be done twice, so a restart goes
/// on where it was: what is to be forgotten upstream is noted, then everything is removed here, then the upstream is made to forget
/// and asked whether it has. Only what was answered counts as forgotten.
/// </summary>
public sealed partial class ErasureWorker
{
    private const int SweepSessions = 100;

    private readonly IErasureStore _store;
    private readonly IRunEventStore _events;
    private readonly IRuns _runs;
    private readonly IRunFeed _feed;
    private readonly RunDirectory _directory;
    private readonly IStoredResponses _upstream;
    private readonly IUpstreamEndpoint _endpoint;
    private readonly IReadOnlyList<ISessionEraser> _remains;
    private readonly AsyncSignal _signal;
    private readonly RetentionOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger<ErasureWorker> _logger;

    internal ErasureWorker(
        IErasureStore store,
        IRunEventStore events,
        IRuns runs,
        IRunFeed feed,
        RunDirectory directory,
        IStoredResponses upstream,
        IUpstreamEndpoint endpoint,
        IEnumerable<ISessionEraser> remains,
        AsyncSignal signal,
        IOptions<RetentionOptions> options,
        TimeProvider time,
        Random random,
        ILogger<ErasureWorker> logger)
    {
        _store = store;
        _events = events;
        _runs = runs;
        _feed = feed;
        _directory = directory;
        _upstream = upstream;
        _endpoint = endpoint;
        _remains = [.. remains];
        _signal = signal;
        _options = options.Value;
        _time = time;
        _random = random;
        _logger = logger;
    }

    private DateTimeOffset Now => RunTime.Now(_time);

    /// <summary>Works until it is cancelled: at once when something is asked for, when a wait is over, and at every sweep.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var nextSweep = _options.Days is null ? DateTimeOffset.MaxValue : Now;
        while (true)
        {
            // Taken before the look: what is asked for after it completes this.
            var asked = _signal.Next;
            DateTimeOffset next;
            try
            {
                if (Now >= nextSweep)
                {
                    await SweepAsync(cancellationToken).ConfigureAwait(false);
                    nextSweep = Now + _options.SweepInterval;
                }

                next = await WorkAsync(cancellationToken).ConfigureAwait(false) ?? DateTimeOffset.MaxValue;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                LogBroken(exception);
                next = Now + _options.RetryDelay;

                // What is asked for meanwhile would meet the same trouble.
                asked = new TaskCompletionSource().Task;
            }

            await WaitAsync(next < nextSweep ? next : nextSweep, asked, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Puts what the rule says on the list.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (DueBefore is not { } before)
        {
            return;
        }

        IReadOnlyList<string> due;
        do
        {
            // Those that are on the list are left out of the next page.
            due = await _store.ReadDueSessionsAsync(before, SweepSessions, cancellationToken).ConfigureAwait(false);
            foreach (var sessionId in due)
            {
                await AddDueAsync(sessionId, cancellationToken).ConfigureAwait(false);
            }
        }
        while (due.Count == SweepSessions);
    }

    /// <summary>Does what is due.</summary>
    /// <returns>When something is due next, or null when nothing is left.</returns>
    public async Task<DateTimeOffset?> WorkAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        foreach (var open in await _store.ReadOpenAsync(cancellationToken).ConfigureAwait(false))
        {
            var forgetting = open;
            if (forgetting.NextAt <= Now)
            {
                forgetting = await WorkAsync(forgetting, cancellationToken).ConfigureAwait(false);
                _signal.Set();
            }

            if (forgetting is { IsOver: false } && (next is null || forgetting.NextAt < next))
            {
                next = forgetting.NextAt;
            }
        }

        return next;
    }

    private async Task AddDueAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (await _store.FindOwnerAsync(sessionId, cancellationToken).ConfigureAwait(false) is { } owner)
        {
            await _store.AddAsync(
                new ErasureRequest
                {
                    Id = RunIds.New("fgt_", _time),
                    SessionId = sessionId,
                    Owner = owner,
                    Cause = ErasureCause.Rule,
                    Rule = _options.Rule,
                    RequestedAt = Now,
                    NextAt = Now,
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private DateTimeOffset? DueBefore => _options.Days is { } days ? Now - TimeSpan.FromDays(days) : null;

    /// <returns>The forgetting as it is then, or null when it was taken off the list.</returns>
    private async Task<ErasureRequest?> WorkAsync(ErasureRequest forgetting, CancellationToken cancellationToken)
    {
        try
        {
            if (forgetting.State is ErasureState.Requested or ErasureState.Erasing)
            {
                if (await EraseAsync(forgetting, cancellationToken).ConfigureAwait(false) is not { } erased)
                {
                    return null;
                }

                forgetting = erased;
            }

            return forgetting.State is ErasureState.Verifying
                ? await VerifyAsync(forgetting, cancellationToken).ConfigureAwait(false)
                : forgetting;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // One conversation's trouble is not the others'.
            LogFailed(exception, forgetting.Id, forgetting.SessionId);
            var kept = await _store.FindAsync(forgetting.Id, cancellationToken).ConfigureAwait(false) ?? forgetting;
            return await LaterAsync(kept, ErasureProblems.Failed, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ErasureRequest> LaterAsync(ErasureRequest forgetting, string problem, CancellationToken cancellationToken) =>
        await SaveAsync(
            forgetting with { Attempts = forgetting.Attempts + 1, Problem = problem, NextAt = Now + Delay(forgetting.Attempts) },
            cancellationToken).ConfigureAwait(false);

    private async Task<ErasureRequest> SaveAsync(ErasureRequest forgetting, CancellationToken cancellationToken)
    {
        await _store.SaveAsync(forgetting, cancellationToken).ConfigureAwait(false);
        return forgetting;
    }

    /// <summary>The wait after so many failures: at least half of a bound that doubles, so that a broken upstream is left alone and many do not come at once.</summary>
    private TimeSpan Delay(int failures)
    {
        var delay = Backoff.HalfJitter(_options.RetryDelay, _options.MaxRetryDelay, _random).After(failures);
        // Whole milliseconds: what is stored is no finer than microseconds, and a time that was rounded would differ from the one read back.
        return TimeSpan.FromMilliseconds(Math.Floor(delay.TotalMilliseconds));
    }

    private async Task WaitAsync(DateTimeOffset until, Task asked, CancellationToken cancellationToken)
    {
        // A timer takes no longer than this; looking once too often costs nothing.
        var longest = TimeSpan.FromDays(1);
        var left = until - Now;
        var wait = left < TimeSpan.Zero ? TimeSpan.Zero : left > longest ? longest : left;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(asked, Task.Delay(wait, _time, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(LogLevel.Error, "Deletion {ForgettingId} of session {SessionId} failed; retrying")]
    private partial void LogFailed(Exception exception, string forgettingId, string sessionId);

    [LoggerMessage(LogLevel.Error, "The requested deletions could not be read; retrying")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(LogLevel.Information, "Run {RunId} was deleted: {Events} events, {Bytes} bytes")]
    private partial void LogErased(string runId, long events, long bytes);

    [LoggerMessage(LogLevel.Information, "Deletion {ForgettingId} of session {SessionId} has finished: {State}")]
    private partial void LogOver(string forgettingId, string sessionId, ErasureState state);

    [LoggerMessage(LogLevel.Warning, "The stored response {ResponseId} of run {RunId} is not confirmed as deleted after {Attempts} attempts: {Problem}")]
    private partial void LogUnproven(string? responseId, string runId, int attempts, string problem);
}
