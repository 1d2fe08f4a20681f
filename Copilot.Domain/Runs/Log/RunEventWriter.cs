using Copilot.Domain.Concurrency;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Log;

/// <summary>
/// Commits what the runs append: whatever has queued goes into the next transaction as soon as the last one is done, so the
/// first token waits for nobody and load makes batches. Only after the commit does it publish, in order.
/// </summary>
internal sealed partial class RunEventWriter : IStorageHealth, IAsyncDisposable
{
    private const int MaxEvents = 4_096;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(5);

    private readonly Channel<Pending> _queue = Channel.CreateUnbounded<Pending>(new() { SingleReader = true });
    private readonly CancellationTokenSource _disposing = new();
    private readonly IRunEventStore _store;
    private readonly RunLogs _logs;
    private readonly RunDirectory _directory;
    private readonly TimeProvider _time;
    private readonly ILogger<RunEventWriter> _logger;
    private readonly Task _loop;
    private volatile string? _problem;
    private readonly AsyncSignal _problemChanged = new();

    public RunEventWriter(
        IRunEventStore store, RunLogs logs, RunDirectory directory, TimeProvider time, ILogger<RunEventWriter> logger)
    {
        _store = store;
        _logs = logs;
        _directory = directory;
        _time = time;
        _logger = logger;
        _loop = Task.Run(WriteAsync);
    }

    /// <inheritdoc/>
    public string? Problem => _problem;

    /// <inheritdoc/>
    public Task Changed => _problemChanged.Next;

    /// <summary>
    /// Queues an append. The task completes when it is committed and visible; it fails with <see cref="RunForkedException"/>
    /// when another owner has written the run.
    /// </summary>
    public Task AppendAsync(RunAppend append)
    {
        var pending = new Pending(append);
        if (!_queue.Writer.TryWrite(pending))
        {
            pending.Committed.SetException(new ObjectDisposedException(nameof(RunEventWriter)));
        }

        return pending.Committed.Task;
    }

    /// <summary>Completes when the store takes writes.</summary>
    public async Task WaitUntilAvailableAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Changed;
            if (_problem is null)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what is queued, then stops. What cannot be written any more fails.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_problem is not null)
        {
            await _disposing.CancelAsync().ConfigureAwait(false);
        }

        await _loop.ConfigureAwait(false);
        _disposing.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<Pending>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            var events = 0;
            while (events < MaxEvents && _queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
                events += pending.Append.Events.Count;
            }

            await WriteBatchAsync(batch).ConfigureAwait(false);
        }
    }

    private async Task WriteBatchAsync(List<Pending> batch)
    {
        var remaining = batch;
        while (remaining.Count > 0)
        {
            var appends = Merge(remaining);
            try
            {
                await CommitAsync(appends).ConfigureAwait(false);
            }
            catch (RunForkedException exception)
            {
                LogForked(exception.RunId);
                remaining = Fail(remaining, exception.RunId, exception);
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
                    Fail(remaining, appends[0].Summary.RunId, exception);
                }

                return;
            }

            Publish(appends);
            foreach (var pending in remaining)
            {
                pending.Committed.SetResult();
            }

            return;
        }
    }

    /// <summary>Tries until the store takes it. Only a store that is unavailable is tried again.</summary>
    private async Task CommitAsync(IReadOnlyList<RunAppend> appends)
    {
        var backoff = Backoff.Exact(s_firstDelay, s_maxDelay);
        while (true)
        {
            try
            {
                await _store.AppendAsync(appends, _disposing.Token).ConfigureAwait(false);
                SetProblem(null);
                return;
            }
            catch (StorageUnavailableException exception)
            {
                if (_problem is null)
                {
                    LogUnavailable(exception);
                }

                SetProblem(exception.Message);
                await Task.Delay(backoff.Next(), _time, _disposing.Token).ConfigureAwait(false);
            }
        }
    }

    private void Publish(IReadOnlyList<RunAppend> appends)
    {
        foreach (var append in appends)
        {
            _logs.Publish(append.Summary.RunId, append.Events);
            _directory.Publish(append.Summary);
        }
    }

    private void SetProblem(string? problem)
    {
        if (_problem == problem)
        {
            return;
        }

        if (problem is null)
        {
            LogAvailable();
        }

        _problem = problem;
        _problemChanged.Set();
    }

    private static List<RunAppend> Merge(List<Pending> batch) =>
        [.. batch.GroupBy(p => p.RunId).Select(run => new RunAppend(
            run.Last().Append.Summary,
            [.. run.SelectMany(p => p.Append.Events)]))];

    private static List<Pending> Fail(List<Pending> batch, string runId, Exception exception)
    {
        foreach (var pending in batch.Where(p => p.RunId == runId))
        {
            pending.Committed.SetException(exception);
        }

        return [.. batch.Where(p => p.RunId != runId)];
    }

    private sealed record Pending(RunAppend Append)
    {
        public string RunId => Append.Summary.RunId;

        public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId} was written by another owner; it stops here")]
    private partial void LogForked(string runId);

    [LoggerMessage(LogLevel.Error, "Run {RunId} could not be written")]
    private partial void LogFailed(Exception exception, string runId);

    [LoggerMessage(LogLevel.Error, "Storage is unavailable; runs are paused until it is back")]
    private partial void LogUnavailable(Exception exception);

    [LoggerMessage(LogLevel.Information, "Storage is available again")]
    private partial void LogAvailable();
}
