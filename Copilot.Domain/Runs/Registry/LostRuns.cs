using System.Collections.Concurrent;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Registry;

/// <summary>
/// Interrupts runs that their log calls unfinished and that nobody drives: the last process left them behind, or their loop has died.
/// One that cannot be read ends as failed and concerns no other.
/// </summary>
internal sealed partial class LostRuns(
    OwnedRuns owned, IRunEventStore store, SessionHistory history, RunEventWriter writer, bool upstreamStores, TimeProvider time, ILogger logger)
{
    private const string Reason = "The server stopped working on it.";

    /// <summary>One that cannot even be ended is looked at a few times only, until the next start.</summary>
    private const int MaxFailures = 3;

    private readonly ConcurrentDictionary<string, int> _failures = [];

    /// <summary>Interrupts the runs of a session that its log calls unfinished and that nobody owns. Call it under the session's lock.</summary>
    /// <param name="session">The session's runs.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <returns>True when there was one: what was read of the session is out of date.</returns>
    /// <exception cref="StorageUnavailableException">The store is away; nothing was changed.</exception>
    public async Task<bool> InterruptAsync(IReadOnlyList<RunHead> session, CancellationToken cancellationToken)
    {
        var any = false;
        foreach (var run in session.Where(run => !run.Status.IsSettled()))
        {
            // In this order: who owned it lets go after the last commit.
            if (owned.Find(run.RunId) is null && _failures.GetValueOrDefault(run.RunId) < MaxFailures
                && await store.FindAsync(run.RunId, cancellationToken).ConfigureAwait(false) is { } left && !left.Status.IsSettled())
            {
                any |= await TryInterruptAsync(left, cancellationToken).ConfigureAwait(false);
            }
        }

        return any;
    }

    /// <summary>The run's part of its conversation.</summary>
    /// <exception cref="InvalidDataException">It cannot be resumed: its first event is missing or was deleted.</exception>
    public async Task<InputFold> ReadInputAsync(string runId, CancellationToken cancellationToken)
    {
        var input = new InputFold(upstreamStores);
        await foreach (var runEvent in history.ReadEventsAsync(runId, cancellationToken).ConfigureAwait(false))
        {
            if (runEvent.Seq == 1)
            {
                _ = RunCreation.Read(runEvent);
            }

            input.Apply(runEvent);
        }

        return input;
    }

    /// <summary>True for what concerns one run; a store that is away concerns all.</summary>
    public static bool IsOfOneRun(Exception exception, CancellationToken cancellationToken) =>
        exception is not StorageUnavailableException { MayBeLasting: false } && !cancellationToken.IsCancellationRequested;

    private async Task<bool> TryInterruptAsync(RunSummary run, CancellationToken cancellationToken)
    {
        try
        {
            await InterruptAsync(run, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (IsOfOneRun(exception, cancellationToken))
        {
            // Nobody drives it, so it holds up nobody.
            _failures.AddOrUpdate(run.RunId, 1, (_, failures) => failures + 1);
            LogNotInterrupted(exception, run.RunId);
            return false;
        }
    }

    private async Task InterruptAsync(RunSummary run, CancellationToken cancellationToken)
    {
        RunEventPayload end;
        try
        {
            var input = await ReadInputAsync(run.RunId, cancellationToken).ConfigureAwait(false);
            end = new RunInterrupted(Reason, input.UnknownCalls is { Count: > 0 } unknown ? unknown : null);
            LogInterrupted(run.RunId);
        }
        catch (Exception exception) when (IsOfOneRun(exception, cancellationToken))
        {
            LogUnreadable(exception, run.RunId);
            end = new RunFailed(
                RunTime.Now(time) - run.CreatedAt, run.Usage, Cost: null, "run_unreadable", "What was saved of this run cannot be read.", "Ask again in a new conversation.");
        }

        if (await store.ReadHeadAsync(run.RunId, cancellationToken).ConfigureAwait(false) is not { } head)
        {
            throw new InvalidDataException($"Run {run.RunId} has no events.");
        }

        var appended = RunEventChain.Seal(
            run.RunId,
            head.Seq + 1,
            head.Hash,
            new RunEventDraft
            {
                At = RunTime.Now(time),
                Source = EventSource.System,
                Type = RunEventRecords.TypeOf(end),
                Data = RunEventRecords.Write(end),
            });
        await writer.AppendOnceAsync(new RunAppend(RunSummaryFold.Apply(run, appended), [appended])).ConfigureAwait(false);
    }

    [LoggerMessage(LogLevel.Warning, "Run {RunId} had nobody who drives it; it is interrupted and can be resumed")]
    private partial void LogInterrupted(string runId);

    [LoggerMessage(LogLevel.Error, "Run {RunId} cannot be read and ends as failed")]
    private partial void LogUnreadable(Exception exception, string runId);

    [LoggerMessage(LogLevel.Error, "Run {RunId} is driven by nobody and cannot be ended")]
    private partial void LogNotInterrupted(Exception exception, string runId);
}
