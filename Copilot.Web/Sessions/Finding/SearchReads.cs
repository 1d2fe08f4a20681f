using Copilot.Domain.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Sessions.Supervising;
using Copilot.Web.Storage.Search;

namespace Copilot.Web.Sessions.Finding;

/// <summary>
/// Records on this circuit that words were found in what others wrote: a look into it, also where only a place in the list is told. The
/// same words one after the other are one entry.
/// </summary>
internal sealed class SearchReads(PageAudit audit)
{
    private string _recorded = "";

    /// <summary>Records a search by the people whose runs it has found.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not show what was found.</exception>
    public Task RecordAsync(UserInfo user, RunFilter filter, IEnumerable<string> owners, CancellationToken cancellationToken) =>
        RecordAsync(user, filter, owners.Any(owner => owner != user.Id), cancellationToken);

    /// <summary>Records a search of which it is not told whose runs it has found: staff find their own alone.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not show what was found.</exception>
    public Task RecordAsync(UserInfo user, RunFilter filter, CancellationToken cancellationToken) =>
        RecordAsync(user, filter, user.Role != Roles.Staff, cancellationToken);

    private async Task RecordAsync(UserInfo user, RunFilter filter, bool isOfOthers, CancellationToken cancellationToken)
    {
        if (isOfOthers && filter.Search is { Length: > 0 } words && words != _recorded)
        {
            await audit.RecordAsync(user, AccessActions.SearchHits, words, ownerId: null, after: null, cancellationToken);
            _recorded = words;
        }
    }
}
