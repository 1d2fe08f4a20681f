using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage.Runs;

namespace Copilot.Web.Sessions.Comparing;

/// <summary>What a run was forked from, and what was forked from it, as far as a person may see them.</summary>
internal sealed class RunFamily(IRunEventStore store, RunForks forks, IRunAccess access)
{
    private const int MostForks = 20;

    /// <summary>The run that a fork was forked from, or null.</summary>
    public async Task<RunSummary?> FindParentAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken) =>
        run.ForkedFrom is { } fork ? await FindAsync(user, fork.RunId, cancellationToken) : null;

    /// <summary>The forks of a run, newest first.</summary>
    public async Task<IReadOnlyList<RunSummary>> ReadForksAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken)
    {
        var seen = new List<RunSummary>();
        foreach (var id in await forks.FindAsync(run.RunId, MostForks, cancellationToken))
        {
            if (await FindAsync(user, id, cancellationToken) is { } fork)
            {
                seen.Add(fork);
            }
        }

        return seen;
    }

    private async Task<RunSummary?> FindAsync(UserInfo user, string runId, CancellationToken cancellationToken) =>
        await store.FindAsync(runId, cancellationToken) is { } run
        && await access.TryAcquireAsync(user.Id, new RunOwner(run.UserId, run.TeamId), RunAction.View, cancellationToken) is not null
            ? run
            : null;
}
