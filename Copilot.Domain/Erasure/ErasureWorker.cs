using System.Collections.Concurrent;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Erasure;

/// <summary>
/// Erases conversations in two loops that do not wait for each other: one removes content here, at once and the oldest request first; the
/// other deletes at the upstream and asks afterwards, a few requests at a time. Each step is committed before the next and can be repeated, so a restart continues where it
/// stopped: what has to be deleted upstream is recorded, then everything is removed here, then the upstream's responses are deleted and
/// checked. Only a confirmed deletion counts.
/// </summary>
public sealed partial class ErasureWorker
{
    // Most of them only wait until their runs have stopped.
    private const int ErasingAtOnce = 8;
    private const int VerifyingAtOnce = 4;

    private readonly IErasureStore _store;
    private readonly IRetentionStore _retention;
    private readonly AutomaticErasures _automatic;
    private readonly IRunEventStore _events;
    private readonly IRuns _runs;
    private readonly IRunFeed _feed;
    private readonly RunDirectory _directory;
    private readonly IStoredResponses _upstream;
    private readonly IUpstreamEndpoint _endpoint;
    private readonly IReadOnlyList<ISessionEraser> _erasers;
    private readonly ErasureChanges _changes;
    private readonly UpstreamPause _pause;

    // One conversation at a time is removed: the database has one writer, and cleaning its file needs that nobody reads.
    private readonly KeyedLock _removal = new();
    private readonly RetentionOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger<ErasureWorker> _logger;

    internal ErasureWorker(
        IErasureStore store,
        IRetentionStore retention,
        IRunEventStore events,
        IRuns runs,
        IRunFeed feed,
        RunDirectory directory,
        IStoredResponses upstream,
        IUpstreamEndpoint endpoint,
        IEnumerable<ISessionEraser> erasers,
        ErasureChanges changes,
        IOptions<RetentionOptions> options,
        TimeProvider time,
        Random random,
        ILogger<ErasureWorker> logger)
    {
        _store = store;
        _retention = retention;
        _events = events;
        _runs = runs;
        _feed = feed;
        _directory = directory;
        _upstream = upstream;
        _endpoint = endpoint;
        _erasers = [.. erasers];
        _changes = changes;
        _options = options.Value;
        _automatic = new AutomaticErasures(store, retention, _options, time);
        _pause = new UpstreamPause(Backoff.HalfJitter(_options.RetryDelay, _options.MaxRetryDelay, random));
        _time = time;
        _random = random;
        _logger = logger;
    }

    private DateTimeOffset Now => RunTime.Now(_time);

    /// <summary>Runs until it is cancelled: works at once on a new request, after each wait, and at every sweep.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var nextSweep = Now;
        return Task.WhenAll(
            RepeatAsync(_changes.ToErase, SweepAndEraseAsync, cancellationToken),
            RepeatAsync(_changes.ToVerify, VerifyDueAsync, cancellationToken));

        async Task<DateTimeOffset?> SweepAndEraseAsync(CancellationToken token)
        {
            if (Now >= nextSweep)
            {
                await SweepAsync(token).ConfigureAwait(false);
                nextSweep = Now + _options.SweepInterval;
            }

            return await EraseDueAsync(token).ConfigureAwait(false) is { } next && next < nextSweep ? next : nextSweep;
        }
    }

    /// <summary>Adds requests for the conversations that are due under the retention rules.</summary>
    public Task SweepAsync(CancellationToken cancellationToken) => _automatic.AddDueAsync(cancellationToken);

    /// <summary>Works once on the requests that are due: first here, then at the upstream.</summary>
    /// <returns>When something is due next, or null when nothing is left.</returns>
    public async Task<DateTimeOffset?> WorkAsync(CancellationToken cancellationToken)
    {
        var erase = await EraseDueAsync(cancellationToken).ConfigureAwait(false);
        var verify = await VerifyDueAsync(cancellationToken).ConfigureAwait(false);
        return erase is null || verify < erase ? verify : erase;
    }

    private async Task<DateTimeOffset?> EraseDueAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? next;
        do
        {
            next = await WorkAsync(
                await _store.ReadToEraseAsync(cancellationToken).ConfigureAwait(false),
                ErasingAtOnce,
                EraseAsync,
                request => request.State is ErasureState.Requested or ErasureState.Erasing,
                cancellationToken).ConfigureAwait(false);
        }
        while (await _automatic.AddForksAsync(cancellationToken).ConfigureAwait(false));

        return next;
    }

    private async Task<DateTimeOffset?> VerifyDueAsync(CancellationToken cancellationToken)
    {
        var failures = _pause.Failures;
        return await WorkAsync(
            await _store.ReadToVerifyAsync(cancellationToken).ConfigureAwait(false),
            VerifyingAtOnce,
            // One that was postponed since it was read is not asked about.
            async (request, token) => _pause.Failures == failures
                ? await VerifyAsync(request, token).ConfigureAwait(false)
                : request with { NextAt = _pause.Until },
            request => !request.IsFinished,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Works on those that are due, a few at a time and in this order.</summary>
    /// <returns>When one of those that are left is due next, or null.</returns>
    private async Task<DateTimeOffset?> WorkAsync(
        IReadOnlyList<ErasureRequest> open,
        int atOnce,
        Func<ErasureRequest, CancellationToken, Task<ErasureRequest?>> work,
        Func<ErasureRequest, bool> isLeft,
        CancellationToken cancellationToken)
    {
        var now = Now;
        var left = new ConcurrentBag<DateTimeOffset>(open.Where(request => request.NextAt > now).Select(request => request.NextAt));
        await Parallel.ForEachAsync(
            open.Where(request => request.NextAt <= now),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (request, token) =>
            {
                var after = await TryAsync(request, work, token).ConfigureAwait(false);
                if (after is not null && isLeft(after))
                {
                    left.Add(after.NextAt);
                }
            }).ConfigureAwait(false);
        return left.IsEmpty ? null : left.Min();
    }

    private async Task RepeatAsync(
        AsyncSignal signal, Func<CancellationToken, Task<DateTimeOffset?>> work, CancellationToken cancellationToken)
    {
        // The loops must not hold each other up, and SQLite answers on the caller's thread.
        await Task.Yield();
        while (true)
        {
            // Taken before reading: a later request completes it.
            var asked = signal.Next;
            DateTimeOffset? next;
            try
            {
                next = await work(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                LogBroken(exception);
                next = Now + _options.RetryDelay;

                // New requests would fail the same way.
                asked = new TaskCompletionSource().Task;
            }

            await WaitAsync(next, asked, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>The request's new state, or null when it was withdrawn.</returns>
    private async Task<ErasureRequest?> TryAsync(
        ErasureRequest request, Func<ErasureRequest, CancellationToken, Task<ErasureRequest?>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A failure of one conversation must not stop the others.
            LogFailed(exception, request.Id, request.SessionId);
            var current = await _store.FindAsync(request.Id, cancellationToken).ConfigureAwait(false) ?? request;
            return await RescheduleAsync(current, ErasureProblems.Failed, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ErasureRequest> RescheduleAsync(ErasureRequest request, string problem, CancellationToken cancellationToken) =>
        await SaveAsync(
            request with { Attempts = request.Attempts + 1, Problem = problem, NextAt = Now + Delay(request.Attempts) },
            cancellationToken).ConfigureAwait(false);

    private async Task<ErasureRequest> SaveAsync(ErasureRequest request, CancellationToken cancellationToken)
    {
        await _store.SaveAsync(request, cancellationToken).ConfigureAwait(false);
        _changes.Publish(request);
        return request;
    }

    /// <summary>The wait after this many failures: at least half of a bound that doubles, with jitter, so that a broken upstream is not flooded.</summary>
    private TimeSpan Delay(int failures)
    {
        var delay = Backoff.HalfJitter(_options.RetryDelay, _options.MaxRetryDelay, _random).After(failures);
        // Whole milliseconds: what is stored is no finer than microseconds, and a time that was rounded would differ from the one read back.
        return TimeSpan.FromMilliseconds(Math.Floor(delay.TotalMilliseconds));
    }

    private async Task WaitAsync(DateTimeOffset? until, Task asked, CancellationToken cancellationToken)
    {
        // Timers have an upper limit; one extra check costs nothing.
        var longest = TimeSpan.FromDays(1);
        var left = until - Now ?? Timeout.InfiniteTimeSpan;
        var wait = left == Timeout.InfiniteTimeSpan ? left : left < TimeSpan.Zero ? TimeSpan.Zero : left > longest ? longest : left;
        using var delay = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(asked, Task.Delay(wait, _time, delay.Token)).ConfigureAwait(false);
        await delay.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(LogLevel.Error, "Deletion {ForgettingId} of session {SessionId} failed; retrying")]
    private partial void LogFailed(Exception exception, string forgettingId, string sessionId);

    [LoggerMessage(LogLevel.Error, "The requested deletions could not be read; retrying")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(LogLevel.Information, "Run {RunId} was deleted: {Events} events, {Bytes} bytes")]
    private partial void LogErased(string runId, long events, long bytes);

    [LoggerMessage(LogLevel.Information, "Deletion {ForgettingId} of session {SessionId} has finished: {State}")]
    private partial void LogFinished(string forgettingId, string sessionId, ErasureState state);

    [LoggerMessage(LogLevel.Warning, "The stored response {ResponseId} of run {RunId} is not confirmed as deleted after {Attempts} attempts: {Problem}")]
    private partial void LogUnproven(string? responseId, string runId, int attempts, string problem);
}
