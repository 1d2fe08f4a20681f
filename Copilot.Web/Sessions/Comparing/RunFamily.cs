using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;

namespace Copilot.Web.Sessions.Comparing;

/// <summary>
/// What a run was forked from, and what was forked from it, as far as a person may see them. While that cannot be read there is neither:
/// the run itself is shown all the same.
/// </summary>
internal sealed partial class RunFamily(IRunEventStore store, RunForks forks, IRunAccess access, ILogger<RunFamily> logger)
{
    private const int MostForks = 20;

    /// <summary>The run that a fork was forked from, or null.</summary>
    public async Task<RunSummary?> FindParentAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken)
    {
        try
        {
            return run.ForkedFrom is { } fork ? await FindAsync(user, fork.RunId, cancellationToken) : null;
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotRead(exception, run.RunId);
            return null;
        }
    }

    /// <summary>The forks of a run, newest first.</summary>
    public async Task<IReadOnlyList<RunSummary>> ReadForksAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken)
    {
        var seen = new List<RunSummary>();
        try
        {
            foreach (var id in await forks.FindAsync(run.RunId, MostForks, cancellationToken))
            {
                if (await FindAsync(user, id, cancellationToken) is { } fork)
                {
                    seen.Add(fork);
                }
            }
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotRead(exception, run.RunId);
        }

        return seen;
    }

    private async Task<RunSummary?> FindAsync(UserInfo user, string runId, CancellationToken cancellationToken) =>
        await store.FindAsync(runId, cancellationToken) is { } run
        && await access.TryAcquireAsync(user.Id, new RunOwner(run.UserId, run.TeamId), RunAction.View, cancellationToken) is not null
            ? run
            : null;

    [LoggerMessage(LogLevel.Warning, "What belongs to run {RunId} could not be read")]
    private partial void LogNotRead(Exception exception, string runId);
}
