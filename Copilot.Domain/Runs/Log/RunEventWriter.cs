using System.Threading.Channels;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Telemetry;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Log;

/// <summary>
/// Commits what the runs append: what has queued goes into the next transaction as soon as the last one is done, so the
/// first token never waits for a batch, and load makes batches. Only after the commit does it publish, in order.
/// </summary>
internal sealed partial class RunEventWriter : IAsyncDisposable
{
    private const int MaxEvents = 4_096;

    /// <summary>About half a minute of trying, where it is not known that trying helps.</summary>
    private const int MaxTries = 10;
    private static readonly TimeSpan s_disposeLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(5);

    private readonly Channel<PendingAppend> _queue = Channel.CreateUnbounded<PendingAppend>(new() { SingleReader = true });
    private readonly Queue<PendingAppend> _delayed = new();
    private readonly Backoff _backoff = Backoff.Exact(s_firstDelay, s_maxDelay);
    private readonly CancellationTokenSource _disposing = new();
    private readonly IRunEventStore _store;
    private readonly RunLogs _logs;
    private readonly RunDirectory _directory;
    private readonly StoreAvailability _availability;
    private readonly TimeProvider _time;
    private readonly ILogger<RunEventWriter> _logger;
    private readonly CopilotMetrics? _metrics;
    private readonly Task _loop;

    public RunEventWriter(
        IRunEventStore store, RunLogs logs, RunDirectory directory, StoreAvailability availability, TimeProvider time, ILogger<RunEventWriter> logger, CopilotMetrics? metrics = null)
    {
        _store = store;
        _logs = logs;
        _directory = directory;
        _availability = availability;
        _time = time;
        _logger = logger;
        _metrics = metrics;
        _loop = Task.Run(WriteAsync);
    }

    /// <summary>
    /// Queues an append. The task completes when it is committed and visible; it fails with <see cref="RunForkedException"/>
    /// when another owner has written the run. While the store is away it waits.
    /// </summary>
    public Task AppendAsync(RunAppend append) => Enqueue(new PendingAppend(append));

    /// <summary>As <see cref="AppendAsync(RunAppend)"/>, and calls its end as soon as it has one.</summary>
    internal Task AppendAsync(PendingAppend append) => Enqueue(append);

    /// <summary>
    /// Queues an append that does not wait for a store that is away: it fails with <see cref="StorageUnavailableException"/>, and nothing
    /// of it is ever written then.
    /// </summary>
    public Task AppendOnceAsync(RunAppend append) => AppendOnceAsync(new PendingAppend(append) { Once = true });

    /// <summary>As <see cref="AppendOnceAsync(RunAppend)"/>, and calls its end as soon as it has one.</summary>
    internal Task AppendOnceAsync(PendingAppend append)
    {
        if (_availability.Problem is not { } problem)
        {
            return Enqueue(append);
        }

        append.Fail(new StorageUnavailableException(problem));
        return append.Committed;
    }

    /// <summary>Writes what is queued, then stops. What cannot be written, or not in time, fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
        {
            return;
        }

        try
        {
            await Task.WhenAny(_loop, _availability.WaitUntilUnavailableAsync(_disposing.Token)).WaitAsync(s_disposeLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A store that does not answer is treated like one that is away.
        }

        await _disposing.CancelAsync().ConfigureAwait(false);
        try
        {
            await _loop.WaitAsync(s_disposeLimit, _time).ConfigureAwait(false);
            _disposing.Dispose();
        }
        catch (TimeoutException)
        {
            LogNotStopped();
        }
    }

    private Task Enqueue(PendingAppend pending)
    {
        if (!_queue.Writer.TryWrite(pending))
        {
            pending.Fail(new StorageUnavailableException("The server is stopping, and nothing more is saved."));
        }

        return pending.Committed;
    }

    private async Task WriteAsync()
    {
        var batch = new List<PendingAppend>();
        while (_delayed.Count > 0 || await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            var events = 0;
            while (events < MaxEvents && (_delayed.TryDequeue(out var pending) || _queue.Reader.TryRead(out pending)))
            {
                batch.Add(pending);
                events += pending.Append.Events.Count;
            }

            await WriteBatchAsync(batch).ConfigureAwait(false);
        }
    }

    /// <summary>Tries until the store takes it. Only a store that is unavailable is tried again.</summary>
    private async Task WriteBatchAsync(List<PendingAppend> batch)
    {
        var remaining = batch;
        var tries = 0;
        while (remaining.Count > 0)
        {
            var appends = Merge(remaining);
            try
            {
                var began = _metrics is { WantsCommits: true } ? _time.GetTimestamp() : 0;
                await _store.AppendAsync(appends, _disposing.Token).ConfigureAwait(false);
                if (began != 0)
                {
                    _metrics!.Committed(_time.GetElapsedTime(began));
                }
            }
            catch (StorageUnavailableException exception) when (!exception.MayBeLasting || ++tries < MaxTries)
            {
                remaining = await WaitAsync(remaining, exception).ConfigureAwait(false);
                continue;
            }
            catch (RunForkedException exception)
            {
                LogForked(exception.RunId);
                remaining = Fail(remaining, exception, pending => pending.RunId == exception.RunId);
                continue;
            }
            catch (Exception exception)
            {
                if (appends.Count > 1)
                {
                    // One run's trouble is not the others': each goes alone.
                    foreach (var group in remaining.GroupBy(p => p.RunId).ToArray())
                    {
                        await WriteBatchAsync([.. group]).ConfigureAwait(false);
                    }
                }
                else
                {
                    LogFailed(exception, appends[0].Summary.RunId);
                    Fail(remaining, exception, static _ => true);

                    // What failed for good says nothing about the next.
                    NoteAvailable();
                }

                return;
            }

            _backoff.Reset();
            NoteAvailable();
            Publish(appends);
            foreach (var pending in remaining)
            {
                pending.Complete();
            }

            return;
        }
    }

    /// <summary>Lets some time pass before the next try. What does not wait for the store fails, also what is queued behind.</summary>
    private async Task<List<PendingAppend>> WaitAsync(List<PendingAppend> remaining, StorageUnavailableException exception)
    {
        if (_availability.Problem is null)
        {
            LogUnavailable(exception);
        }

        _availability.Set(exception.Message);
        remaining = Fail(remaining, exception, static pending => pending.Once);
        try
        {
            await Task.Delay(_backoff.Next(), _time, _disposing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Fail(remaining, exception, static _ => true);
        }

        while (_queue.Reader.TryRead(out var queued))
        {
            if (queued.Once)
            {
                queued.Fail(exception);
            }
            else
            {
                _delayed.Enqueue(queued);
            }
        }

        if (remaining.Count == 0 && _delayed.Count == 0)
        {
            // Nobody is left who tries, so the next one has to find out.
            _availability.Set(null);
        }

        return remaining;
    }

    private void Publish(IReadOnlyList<RunAppend> appends)
    {
        foreach (var append in appends)
        {
            try
            {
                _logs.Publish(append.Summary.RunId, append.Events);
                _directory.Publish(append.Summary);
            }
            catch (Exception exception)
            {
                // It is committed. Who follows this run reads it from the store; nobody else's run may stop for it.
                LogNotPublished(exception, append.Summary.RunId);
                _logs.Reset(append.Summary.RunId);
            }
        }
    }

    private void NoteAvailable()
    {
        if (_availability.Set(null))
        {
            LogAvailable();
        }
    }

    private static List<RunAppend> Merge(List<PendingAppend> batch) =>
        batch.TrueForAll(pending => pending.RunId == batch[0].RunId)
            ? [Join(batch)]
            : [.. batch.GroupBy(pending => pending.RunId).Select(run => Join([.. run]))];

    /// <summary>The appends of one run as one.</summary>
    private static RunAppend Join(List<PendingAppend> run)
    {
        if (run.Count == 1)
        {
            return run[0].Append;
        }

        var events = new List<RunEvent>(run.Sum(pending => pending.Append.Events.Count));
        foreach (var pending in run)
        {
            events.AddRange(pending.Append.Events);
        }

        return new RunAppend(run[^1].Append.Summary, events);
    }

    private static List<PendingAppend> Fail(List<PendingAppend> batch, Exception exception, Func<PendingAppend, bool> which)
    {
        foreach (var pending in batch.Where(which))
        {
            pending.Fail(exception);
        }

        return [.. batch.Where(pending => !which(pending))];
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId} was written by another owner; it stops here")]
    private partial void LogForked(string runId);

    [LoggerMessage(LogLevel.Error, "Run {RunId} could not be written")]
    private partial void LogFailed(Exception exception, string runId);

    [LoggerMessage(LogLevel.Error, "Storage is unavailable; runs are paused until it is back")]
    private partial void LogUnavailable(Exception exception);

    [LoggerMessage(LogLevel.Information, "Storage is available again")]
    private partial void LogAvailable();

    [LoggerMessage(LogLevel.Error, "Events of run {RunId} are saved, but could not be shown to everybody who follows it")]
    private partial void LogNotPublished(Exception exception, string runId);

    [LoggerMessage(LogLevel.Error, "The database does not answer; the program ends without waiting for it any longer")]
    private partial void LogNotStopped();
}
