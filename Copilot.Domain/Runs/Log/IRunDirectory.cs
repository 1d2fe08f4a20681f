using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Log;

/// <summary>The runs that live in this process, as lists see them.</summary>
public interface IRunDirectory
{
    /// <summary>The runs that do not rest, in no particular order.</summary>
    IReadOnlyList<RunSummary> Live { get; }

    /// <summary>
    /// Yields the summaries that changed, coalesced: first all live ones that pass the filter, then batches of changed ones
    /// (a run that came to rest is yielded once more, as it ended).
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<RunSummary>> FollowAsync(Func<RunSummary, bool> filter, CancellationToken cancellationToken);
}
