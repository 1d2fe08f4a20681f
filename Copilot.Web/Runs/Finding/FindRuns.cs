using System.Runtime.CompilerServices;
using Copilot.Web.Identity;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Search.Review;

namespace Copilot.Web.Runs.Finding;

/// <summary>
/// Lists and searches the runs that somebody may see: staff their own, supervisors their team's too, admins all. Their role is read from
/// the store at every call, and every query has a short time limit.
/// </summary>
internal sealed class FindRuns(IRunSearch search, PersonStore people, TimeProvider time)
{
    /// <summary>The most runs of one page.</summary>
    public const int MaxPage = 200;

    /// <summary>How long a query may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private const int ExportPage = 500;

    /// <summary>A page of runs; null for somebody who may see none.</summary>
    /// <exception cref="SearchTooSlowException">It took longer than <see cref="Limit"/>.</exception>
    public Task<IReadOnlyList<FoundRun>?> ListAsync(string userId, RunQuery query, CancellationToken cancellationToken) =>
        AskAsync(userId, (scope, token) => search.ListAsync(scope, query, token), cancellationToken);

    /// <summary>The same by sessions.</summary>
    /// <exception cref="SearchTooSlowException">It took longer than <see cref="Limit"/>.</exception>
    public Task<IReadOnlyList<FoundSession>?> ListSessionsAsync(string userId, RunQuery query, CancellationToken cancellationToken) =>
        AskAsync(userId, (scope, token) => search.ListSessionsAsync(scope, query, token), cancellationToken);

    /// <summary>How many there are, counted up to a limit; null where nobody may know, or it took too long.</summary>
    public async Task<int?> CountAsync(string userId, RunQuery query, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await ScopeAsync(userId, cancellationToken) is { } scope
                ? await InTimeAsync(token => search.CountAsync(scope, query, limit, token), cancellationToken)
                : null;
        }
        catch (SearchTooSlowException)
        {
            return null;
        }
    }

    /// <summary>Where a run stands in a list; null for somebody who may see none, and for a run that is not there.</summary>
    /// <exception cref="SearchTooSlowException">It took longer than <see cref="Limit"/>.</exception>
    public Task<RunPlace?> FindPlaceAsync(string userId, RunQuery query, string runId, int limit, CancellationToken cancellationToken) =>
        AskMaybeAsync(userId, (scope, token) => search.FindPlaceAsync(scope, query, runId, limit, token), cancellationToken);

    /// <summary>The names that runs can be filtered by; null for somebody who may see none.</summary>
    /// <exception cref="SearchTooSlowException">It took longer than <see cref="Limit"/>.</exception>
    public Task<RunNames?> NamesAsync(string userId, CancellationToken cancellationToken) =>
        AskAsync(userId, search.NamesAsync, cancellationToken);

    /// <summary>All runs of a list, page by page, for as long as the person may see them.</summary>
    public async IAsyncEnumerable<IReadOnlyList<FoundRun>> ExportAsync(
        string userId, RunQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = query with { Limit = ExportPage };
        while (await ListAsync(userId, page, cancellationToken) is { Count: > 0 } runs)
        {
            yield return runs;
            page = page with { After = runs[^1].Cursor };
        }
    }

    private Task<T?> AskAsync<T>(string userId, Func<FindScope, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : class =>
        AskMaybeAsync<T>(userId, async (scope, token) => await ask(scope, token), cancellationToken);

    private async Task<T?> AskMaybeAsync<T>(string userId, Func<FindScope, CancellationToken, Task<T?>> ask, CancellationToken cancellationToken)
        where T : class =>
        await ScopeAsync(userId, cancellationToken) is { } scope ? await InTimeAsync(token => ask(scope, token), cancellationToken) : null;

    private async Task<FindScope?> ScopeAsync(string userId, CancellationToken cancellationToken) =>
        await people.FindAsync(userId, cancellationToken) is { IsLocked: false, Role: { } role } person
            ? new FindScope(person.Id, role == Roles.Supervisor ? person.TeamId : null, role == Roles.Admin)
            : null;

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SearchTooSlowException();
        }
    }
}
