using Copilot.Web.Storage.Search.Review;

namespace Copilot.Web.Storage.Search;

/// <summary>
/// Lists and searches all runs. What a database does in its own way is behind this. A query that is cancelled ends at once, also in the
/// database.
/// </summary>
internal interface IRunSearch
{
    /// <summary>A page of the runs in scope that the filter lets through; with a search, with where it was found.</summary>
    Task<IReadOnlyList<FoundRun>> ListAsync(FindScope scope, RunQuery query, CancellationToken cancellationToken);

    /// <summary>The same by sessions, that with the newest run first.</summary>
    Task<IReadOnlyList<FoundSession>> ListSessionsAsync(FindScope scope, RunQuery query, CancellationToken cancellationToken);

    /// <summary>How many runs in scope the filter lets through, counted up to a limit.</summary>
    Task<int> CountAsync(FindScope scope, RunQuery query, int limit, CancellationToken cancellationToken);

    /// <summary>Where a run stands in the list that the query is a page of; null where there is no such run.</summary>
    Task<RunPlace?> FindPlaceAsync(FindScope scope, RunQuery query, string runId, int limit, CancellationToken cancellationToken);

    /// <summary>The names that conditions can be made of: of people, teams, agents, tools and errors of the runs in scope.</summary>
    Task<RunNames> NamesAsync(FindScope scope, CancellationToken cancellationToken);
}
