using Copilot.Domain.Audit;
using Copilot.Web.Runs.Finding;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Search.Review;

namespace Copilot.Web.Sessions.Finding;

/// <summary>Goes through the runs of a list one by one, and notes which ones a person has seen.</summary>
internal sealed partial class RunListReview(FindRuns find, SeenRuns seen, SearchReads searches, ILogger<RunListReview> logger)
{
    /// <summary>The number that runs are counted up to.</summary>
    public const int MaxCount = 1_000;

    /// <summary>Where a run stands in a list; null where that is not known now.</summary>
    public async Task<RunPlace?> FindAsync(UserInfo user, RunListRequest list, string runId, CancellationToken cancellationToken)
    {
        try
        {
            var query = new RunQuery(list.Filter, list.BySession ? RunSort.Date : list.Sort, list.IsAscending, After: null, Limit: 1, user.TimeZone) { SeenBefore = list.SeenBefore };
            var place = await find.FindPlaceAsync(user.Id, query, runId, MaxCount, cancellationToken);

            // That so many runs have these words is a look into them, also for who has written the address by hand.
            if (place is { Count: > 0 })
            {
                await searches.RecordAsync(user, list.Filter, cancellationToken);
            }

            return place;
        }
        catch (Exception exception) when (exception is SearchTooSlowException or AccessNotRecordedException || StorageFailure.Is(exception))
        {
            LogFailed(exception, runId);
            return null;
        }
    }

    /// <summary>Notes that the person has opened a run that they may see. What cannot be noted now is noted the next time.</summary>
    public async Task MarkSeenAsync(UserInfo user, string runId, CancellationToken cancellationToken)
    {
        try
        {
            await seen.MarkAsync(user.Id, runId, cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogFailed(exception, runId);
        }
    }

    /// <summary>Takes it back. False when that could not be saved.</summary>
    public async Task<bool> MarkUnseenAsync(UserInfo user, string runId, CancellationToken cancellationToken)
    {
        try
        {
            await seen.UnmarkAsync(user.Id, runId, cancellationToken);
            return true;
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogFailed(exception, runId);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The place of run {RunId} in a list, or that it was seen, could not be told or saved")]
    private partial void LogFailed(Exception exception, string runId);
}
