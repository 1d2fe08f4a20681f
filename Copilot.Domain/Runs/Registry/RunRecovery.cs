using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Actor.Calls;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Registry;

/// <summary>
/// Looks through the runs that a restart left behind, lets those resume that may, and watches over the runs of this process: in the
/// background, so that nobody waits for the past.
/// </summary>
internal sealed partial class RunRecovery(
    OwnedRuns owned,
    LostRuns lost,
    RunAdmission admission,
    KeyedLock sessionLock,
    IRunEventStore store,
    RunDirectory directory,
    ToolRegistry tools,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Reading logs is work for processor and disk, which those who are here need as well: at most half of the processor is taken.</summary>
    private static readonly int s_parallelism = Math.Clamp(Environment.ProcessorCount / 2, 1, 4);

    private static readonly TimeSpan s_firstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_watchInterval = TimeSpan.FromSeconds(5);

    private volatile bool _isUnderWay;

    /// <summary>True while the runs that a restart left behind are being looked through.</summary>
    public bool IsUnderWay => _isUnderWay;

    /// <summary>
    /// Recovers what the last process left behind, as often as it takes, and from then on interrupts runs whose loop has died. Ends with
    /// its token and never throws.
    /// </summary>
    public Task RunAsync(bool resume, CancellationToken cancellationToken)
    {
        _isUnderWay = true;
        return Task.Run(
            async () => await Task.WhenAll(RecoverUntilDoneAsync(resume, cancellationToken), WatchAsync(cancellationToken))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing),
            CancellationToken.None);
    }

    /// <summary>Marks the runs that nobody owns as interrupted. Others may start runs meanwhile.</summary>
    /// <returns>
    /// The ids of the interrupted runs, by a crash or a shutdown, that may resume by themselves: no call of theirs could have an
    /// effect twice, and their conversation has not gone on without them. Oldest first.
    /// </returns>
    /// <exception cref="StorageUnavailableException">The store is away; try again later.</exception>
    public async Task<IReadOnlyList<string>> RecoverAsync(CancellationToken cancellationToken)
    {
        var unfinished = await store.ReadUnfinishedAsync(cancellationToken).ConfigureAwait(false);
        await EachAsync(
            unfinished.Where(run => owned.Find(run.RunId) is null).Select(run => run.SessionId).Distinct(),
            (sessionId, token) => InterruptLostAsync(sessionId, token),
            cancellationToken).ConfigureAwait(false);

        var interrupted = RunOrder.WithinSessions(await store.ReadInterruptedAsync(cancellationToken).ConfigureAwait(false));
        var safe = new bool[interrupted.Count];
        await EachAsync(
            Enumerable.Range(0, interrupted.Count),
            async (index, token) => safe[index] = await MayResumeAsync(interrupted[index], token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        return [.. interrupted.Where((_, index) => safe[index]).Select(run => run.RunId)];
    }

    /// <summary>
    /// Lets interrupted runs resume, each session's in the order given: one works, the others wait their turn. Those for which there is
    /// no place wait here, unread, until there is one.
    /// </summary>
    public async Task ResumeAsync(IReadOnlyList<string> runIds, CancellationToken cancellationToken)
    {
        var left = runIds;
        while (left.Count > 0)
        {
            var freed = admission.Freed;
            var without = new List<string>();
            var held = new HashSet<string>(StringComparer.Ordinal);
            foreach (var runId in left)
            {
                try
                {
                    if (await TryResumeAsync(runId, held, cancellationToken).ConfigureAwait(false) is { } withoutPlace)
                    {
                        // What was written after it, maybe by somebody for whom there is a place, is not answered before it.
                        held.Add(withoutPlace);
                        without.Add(runId);
                    }
                }
                catch (Exception exception) when (LostRuns.IsOfOneRun(exception, cancellationToken))
                {
                    LogNotResumed(exception, runId);
                }
            }

            left = without;
            if (left.Count > 0)
            {
                await freed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Interrupts the runs that were seen working and that nobody drives any more.</summary>
    public Task InterruptLostAsync(CancellationToken cancellationToken) => EachAsync(
        directory.Live.Where(run => owned.Find(run.RunId) is null).Select(run => run.SessionId).Distinct(),
        (sessionId, token) => InterruptLostAsync(sessionId, token),
        cancellationToken);

    private async Task InterruptLostAsync(string sessionId, CancellationToken cancellationToken)
    {
        using var turn = await sessionLock.EnterAsync(sessionId, cancellationToken).ConfigureAwait(false);
        var session = await store.ReadSessionHeadsAsync(sessionId, cancellationToken).ConfigureAwait(false);
        await lost.InterruptAsync(session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Null when the run works, waits its turn or is not to be resumed; its session when there is no place for it now.</summary>
    private async Task<string?> TryResumeAsync(string runId, HashSet<string> held, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(runId, cancellationToken).ConfigureAwait(false) is not { Status: RunStatus.Interrupted } run)
        {
            return null;
        }

        if (held.Contains(run.SessionId) || admission.TryEnter(RunClaim.Of(run), out var place) is not null)
        {
            return run.SessionId;
        }

        var taken = false;
        try
        {
            using var turn = await sessionLock.EnterAsync(run.SessionId, cancellationToken).ConfigureAwait(false);

            // People were here meanwhile: they may have stopped it, taken it up, or gone on without it.
            run = await store.FindAsync(runId, cancellationToken).ConfigureAwait(false);
            if (!owned.IsStopping && run is { Status: RunStatus.Interrupted } && owned.Find(runId) is null
                && await MayResumeAsync(run, cancellationToken).ConfigureAwait(false))
            {
                if (owned.LastOf(run.SessionId) is not null)
                {
                    place!.Queue();
                }

                await owned.RestoreAsync(run, new RunMessage.AutoResume("The server is back."), place, cancellationToken).ConfigureAwait(false);
                taken = true;
                owned.BeginNext(run.SessionId);
            }
        }
        finally
        {
            if (!taken)
            {
                place!.Dispose();
            }
        }

        return null;
    }

    private async Task<bool> MayResumeAsync(RunSummary run, CancellationToken cancellationToken)
    {
        var session = await store.ReadSessionHeadsAsync(run.SessionId, cancellationToken).ConfigureAwait(false);
        if (session.SkipWhile(other => other.RunId != run.RunId).Skip(1).Any(later => later.Status.IsTerminal()
            || (later.ParentRunId == run.RunId && later.Status is not RunStatus.Interrupted && later.ParentSeq is not null)))
        {
            return false;
        }

        var input = await lost.ReadInputAsync(run.RunId, cancellationToken).ConfigureAwait(false);
        return !input.HasOpenHostedCall && input.Unanswered
            .Where(call => input.WasStarted(call.CallId))
            .All(call => ToolRound.IsRepeatable(tools.TryGet(call.Name, out var tool) ? tool.Definition : null));
    }

    private async Task RecoverUntilDoneAsync(bool resume, CancellationToken cancellationToken)
    {
        var backoff = Backoff.Exact(s_firstDelay, s_maxDelay);
        while (true)
        {
            try
            {
                var safe = await RecoverAsync(cancellationToken).ConfigureAwait(false);
                if (resume)
                {
                    await ResumeAsync(safe, cancellationToken).ConfigureAwait(false);
                }

                _isUnderWay = false;
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotRecovered(exception);
            }

            await Task.Delay(backoff.Next(), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_watchInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await InterruptLostAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (StorageUnavailableException)
            {
                // The next look is soon.
            }
        }
    }

    /// <summary>Does something for each, several at once. What goes wrong with one concerns no other; a store that is away concerns all.</summary>
    private Task EachAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, Task> work, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        all,
        new ParallelOptions { MaxDegreeOfParallelism = s_parallelism, CancellationToken = cancellationToken },
        async (one, token) =>
        {
            try
            {
                await work(one, token).ConfigureAwait(false);
            }
            catch (Exception exception) when (LostRuns.IsOfOneRun(exception, token))
            {
                LogNotLookedThrough(exception);
            }
        });

    [LoggerMessage(LogLevel.Error, "Run {RunId} could not be resumed; a person can try it")]
    private partial void LogNotResumed(Exception exception, string runId);

    [LoggerMessage(LogLevel.Error, "A run that nobody drives could not be looked through; the others are")]
    private partial void LogNotLookedThrough(Exception exception);

    [LoggerMessage(LogLevel.Error, "Unfinished runs could not be recovered yet; it is tried again")]
    private partial void LogNotRecovered(Exception exception);
}
