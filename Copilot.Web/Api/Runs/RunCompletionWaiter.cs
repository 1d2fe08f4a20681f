using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Api.Runs;

/// <summary>Waits until runs have settled.</summary>
internal sealed class RunCompletionWaiter(IRunFeed feed, IRunEventStore store)
{
    /// <summary>
    /// Waits until nothing more happens in the run by itself, or until it waits for a person (whoever holds the line may be the
    /// one), and returns it as it is then.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    public async Task<RunSummary> WaitAsync(RunSummary run, CancellationToken cancellationToken)
    {
        if (run.Status.IsSettled() || run.Status is RunStatus.Waiting)
        {
            return run;
        }

        await foreach (var batch in feed.FollowAsync(run.RunId, run.HeadSeq, cancellationToken))
        {
            if (await FindRestAsync(batch, cancellationToken) is { } resting)
            {
                return resting;
            }

            if (batch.Any(one => one.Type == RunEventTypes.RunWaiting)
                && await store.FindAsync(run.RunId, cancellationToken) is { Status: RunStatus.Waiting } waiting)
            {
                return waiting;
            }
        }

        return await store.FindAsync(run.RunId, cancellationToken) ?? run;
    }

    /// <summary>The settled run when the batch ends with that, else null. An interruption that was resumed since does not count.</summary>
    public async Task<RunSummary?> FindRestAsync(IReadOnlyList<RunEvent> batch, CancellationToken cancellationToken) =>
        batch is [.., var last]
        && RunEventTypes.IsSettled(last.Type)
        && await store.FindAsync(last.RunId, cancellationToken) is { } run
        && run.HeadSeq == last.Seq
            ? run
            : null;
}
