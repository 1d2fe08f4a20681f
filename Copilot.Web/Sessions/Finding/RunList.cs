using Copilot.Domain.Audit;
using Copilot.Domain.Concurrency;
using Copilot.Web.Runs.Finding;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Search.Views;

namespace Copilot.Web.Sessions.Finding;

/// <summary>
/// The list on the page of runs. A new request cancels the one before, also in the database, so that somebody who types waits for their
/// last letter alone. Used in one circuit's synchronization context.
/// </summary>
internal sealed partial class RunList(FindRuns find, RunIndexer indexer, SavedViews views, SearchReads searches, TimeProvider time, ILogger<RunList> logger) : IDisposable
{
    private const int MaxCount = 1_000;

    private readonly StopSource _stop = new();
    private CancellationTokenSource? _reading;
    private RunListRequest _request = RunListRequest.Parse("");
    private UserInfo? _user;

    /// <summary>How far it is. What was shown before stays while something else is read.</summary>
    public RunListPhase Phase { get; private set; } = RunListPhase.Loading;

    /// <summary>True while something is read.</summary>
    public bool IsReading { get; private set; }

    /// <summary>The rows, where they are runs.</summary>
    public IReadOnlyList<FoundRun> Runs { get; private set; } = [];

    /// <summary>The rows, where they are conversations.</summary>
    public IReadOnlyList<FoundSession> Sessions { get; private set; } = [];

    /// <summary>What the rows are of.</summary>
    public RunListRequest Shown { get; private set; } = RunListRequest.Parse("");

    /// <summary>When they were read.</summary>
    public DateTimeOffset ReadAt { get; private set; }

    /// <summary>True when there are more rows.</summary>
    public bool HasMore { get; private set; }

    /// <summary>How many runs there are; null while that is not known.</summary>
    public int? Count { get; private set; }

    /// <summary>True where there are more than <see cref="Count"/>.</summary>
    public bool IsMoreThanCount => Count >= MaxCount;

    /// <summary>How many runs the search does not know wholly yet.</summary>
    public int Pending => indexer.Pending;

    /// <summary>Reads a list. False when another request came meanwhile: then that one says what is shown.</summary>
    public async Task<bool> OpenAsync(UserInfo user, RunListRequest request)
    {
        (_user, _request) = (user, request);
        if (_reading is { } before)
        {
            await before.CancelAsync();
        }

        var reading = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _reading = reading;
        IsReading = true;
        try
        {
            await ReadAsync(user, request, reading.Token);
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            if (_reading == reading)
            {
                (_reading, IsReading) = (null, false);
            }

            reading.Dispose();
        }

        return true;
    }

    /// <summary>Reads the next page and adds it. False when another request came meanwhile, or there is nothing to add.</summary>
    public async Task<bool> MoreAsync()
    {
        if (_user is not { } user || !HasMore || IsReading || Last is not { } last)
        {
            return false;
        }

        var request = _request;
        IsReading = true;
        try
        {
            var query = Query(user, request, last, RunListRequest.Page);
            if (request.BySession)
            {
                var sessions = await find.ListSessionsAsync(user.Id, query, _stop.Token) ?? [];
                await searches.RecordAsync(user, request.Filter, sessions.Select(session => session.PersonId), _stop.Token);
                if (request == _request)
                {
                    (Sessions, HasMore) = ([.. Sessions, .. sessions], sessions.Count == RunListRequest.Page);
                }
            }
            else
            {
                var runs = await find.ListAsync(user.Id, query, _stop.Token) ?? [];
                await searches.RecordAsync(user, request.Filter, runs.Select(run => run.PersonId), _stop.Token);
                if (request == _request)
                {
                    (Runs, HasMore) = ([.. Runs, .. runs], runs.Count == RunListRequest.Page);
                }
            }

            if (request != _request)
            {
                return false;
            }

            _request = Shown = request with { Shown = request.Shown + RunListRequest.Page };
            return true;
        }
        catch (SearchTooSlowException)
        {
            Phase = RunListPhase.Slow;
            return true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception) when (exception is AccessNotRecordedException || StorageFailure.Is(exception))
        {
            LogFailed(exception);
            Phase = RunListPhase.Failed;
            return true;
        }
        finally
        {
            IsReading = _reading is not null;
        }
    }

    /// <summary>The first run of a list that the person has not opened; null where there is none, or that is not known now.</summary>
    public async Task<string?> FindUnseenAsync(UserInfo user, RunListRequest request)
    {
        var unseen = request with { BySession = false, Filter = request.Filter.With(new RunCondition(RunField.Seen, IsNot: false, "no")) };
        try
        {
            // A second condition about it would be an alternative.
            if (request.Filter.Conditions.Any(condition => condition is { Field: RunField.Seen, IsNot: false, Value: "yes" })
                || await find.ListAsync(user.Id, Query(user, unseen, after: null, limit: 1), _stop.Token) is not [var run, ..])
            {
                return null;
            }

            await searches.RecordAsync(user, request.Filter, [run.PersonId], _stop.Token);
            return run.RunId;
        }
        catch (Exception exception) when (exception is SearchTooSlowException or OperationCanceledException or AccessNotRecordedException || StorageFailure.Is(exception))
        {
            LogFailed(exception);
            return null;
        }
    }

    /// <summary>The names that the list can be filtered by.</summary>
    public async Task<RunNames> NamesAsync(UserInfo user)
    {
        try
        {
            return await find.NamesAsync(user.Id, _stop.Token) ?? RunNames.None;
        }
        catch (Exception exception) when (exception is SearchTooSlowException or OperationCanceledException || StorageFailure.Is(exception))
        {
            return RunNames.None;
        }
    }

    /// <summary>The lists that the person has named.</summary>
    public Task<IReadOnlyList<SavedView>> ViewsAsync(UserInfo user) => views.ReadAsync(user.Id, _stop.Token);

    /// <inheritdoc cref="SavedViews.SaveAsync"/>
    public Task<bool> SaveViewAsync(UserInfo user, string name, string query) => views.SaveAsync(user.Id, name, query, _stop.Token);

    /// <inheritdoc cref="SavedViews.RenameAsync"/>
    public Task<bool> RenameViewAsync(UserInfo user, string viewId, string name) => views.RenameAsync(user.Id, viewId, name, _stop.Token);

    /// <inheritdoc cref="SavedViews.DeleteAsync"/>
    public Task<bool> DeleteViewAsync(UserInfo user, string viewId) => views.DeleteAsync(user.Id, viewId, _stop.Token);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private RunCursor? Last => _request.BySession
        ? Sessions is [.., { } session] ? session.Cursor : null
        : Runs is [.., { } run] ? run.Cursor : null;

    private static RunQuery Query(UserInfo user, RunListRequest request, RunCursor? after, int limit) =>
        new(request.Filter, request.BySession ? RunSort.Date : request.Sort, request.IsAscending, after, limit, user.TimeZone);

    private async Task ReadAsync(UserInfo user, RunListRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var readAt = time.GetUtcNow();
            var query = Query(user, request, after: null, request.Shown);
            var runs = request.BySession ? null : await find.ListAsync(user.Id, query, cancellationToken);
            var sessions = request.BySession ? await find.ListSessionsAsync(user.Id, query, cancellationToken) : null;
            cancellationToken.ThrowIfCancellationRequested();
            if (runs is null && sessions is null)
            {
                (Phase, Runs, Sessions, HasMore, Count) = (RunListPhase.Denied, [], [], false, 0);
                return;
            }

            await searches.RecordAsync(user, request.Filter, (runs ?? []).Select(run => run.PersonId).Concat((sessions ?? []).Select(session => session.PersonId)), cancellationToken);
            (Phase, Runs, Sessions, Shown, ReadAt) = (RunListPhase.Open, runs ?? [], sessions ?? [], request, readAt);
            HasMore = Runs.Count + Sessions.Count == request.Shown;
            Count = HasMore || request.BySession ? await find.CountAsync(user.Id, query, MaxCount, cancellationToken) : Runs.Count;
        }
        catch (SearchTooSlowException)
        {
            (Phase, Shown) = (RunListPhase.Slow, request);
        }
        catch (Exception exception) when (exception is AccessNotRecordedException || StorageFailure.Is(exception))
        {
            LogFailed(exception);
            (Phase, Shown) = (RunListPhase.Failed, request);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A list of runs could not be read")]
    private partial void LogFailed(Exception exception);
}
