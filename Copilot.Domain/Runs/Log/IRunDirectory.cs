using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Log;

/// <summary>The runs that live in this process, as lists see them.</summary>
public interface IRunDirectory
{
    /// <summary>The runs that have not ended, in no particular order.</summary>
    IReadOnlyList<RunSummary> Live { get; }

    /// <summary>
    /// Yields the summaries that changed, coalesced: first all live ones of the scope, then batches of changed ones
    /// (a run that settled is yielded once more, as it ended). A change costs nothing for those it does not concern.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<RunSummary>> FollowAsync(RunScope scope, CancellationToken cancellationToken);
}
