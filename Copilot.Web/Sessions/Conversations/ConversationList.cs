using Copilot.Domain.Concurrency;
using Copilot.Domain.Erasure;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Sessions;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Sessions.Conversations;

/// <summary>
/// One person's conversations, as the sidebar shows them: searched, paged by keyset, with what runs in them right now. Lives as
/// long as the circuit; follows the directory once <see cref="StartAsync"/> was called.
/// </summary>
internal sealed partial class ConversationList(
    SessionStore sessions,
    ErasureService erasures,
    IRunDirectory directory,
    IRunAccess access,
    ConversationChanges changes,
    IOptions<RetentionOptions> retention,
    TimeProvider time,
    ILogger<ConversationList> logger) : IAsyncDisposable
{
    private const int PageSize = 40;
    private const int MaxPinned = 50;

    private static readonly TimeSpan s_typingPause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly LiveStatuses _live = new();
    private UserInfo? _user;
    private Task _following = Task.CompletedTask;
    private int _searches;
    private Task _listening = Task.CompletedTask;
    private IDisposable? _watch;

    /// <summary>Raised after anything here has changed, on any thread.</summary>
    public event Action? Changed;

    /// <summary>The conversations found so far, the one that changed last first; the pinned ones are among them.</summary>
    public IReadOnlyList<SessionInfo> Items { get; private set; } = [];

    /// <summary>The pinned ones, the newest pin first; none while something is looked for.</summary>
    public IReadOnlyList<SessionInfo> Pinned { get; private set; } = [];

    /// <summary>True while those are shown that were put away.</summary>
    public bool ShowsArchived { get; private set; }

    /// <summary>True until the first page has been read.</summary>
    public bool IsLoading { get; private set; } = true;

    /// <summary>True when the list could not be read.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>True when there are older ones.</summary>
    public bool HasMore { get; private set; }

    /// <summary>What is looked for; empty for all.</summary>
    public string Search { get; private set; } = "";

    /// <summary>A conversation that is on the list, or null.</summary>
    public SessionInfo? Find(string? sessionId) =>
        Items.FirstOrDefault(session => session.Id == sessionId) ?? Pinned.FirstOrDefault(session => session.Id == sessionId);

    /// <summary>Status of the run that is at work in a session, or null.</summary>
    public RunStatus? LiveStatus(string sessionId) => _live.Find(sessionId);

    /// <summary>Reads the first page and begins to follow. Once per circuit.</summary>
    public async Task StartAsync(UserInfo user)
    {
        if (_user is not null)
        {
            return;
        }

        _user = user;
        _following = FollowAsync(user, _stop.Token);
        var changed = new AsyncSignal();
        _watch = changes.Watch(user.Id, changed);
        _listening = ListenAsync(changed, _stop.Token);
        await ReadAsync(more: false);
    }

    /// <summary>
    /// Looks for words, once typing has paused: of calls that follow each other closely only the last one reads. All are shown again at
    /// once.
    /// </summary>
    public async Task SearchAsync(string search)
    {
        Search = search.Trim();
        var number = Interlocked.Increment(ref _searches);
        if (Search.Length > 0)
        {
            await Task.Delay(s_typingPause, time, _stop.Token);
        }

        if (number == Volatile.Read(ref _searches))
        {
            await ReadAsync(more: false);
        }
    }

    /// <summary>Reads the next page of older ones.</summary>
    public Task MoreAsync() => ReadAsync(more: true);

    /// <summary>Shows those that were put away, or the others again.</summary>
    public async Task ShowArchivedAsync(bool shown)
    {
        (ShowsArchived, Items) = (shown, []);
        await ReadAsync(more: false);
    }

    /// <summary>Gives a conversation another title. False when that is not allowed or it is gone.</summary>
    public Task<bool> RenameAsync(SessionInfo session, string title) =>
        ChangeAsync(session, token => sessions.RenameAsync(session.Id, title, token));

    /// <summary>Pins a conversation on top, or unpins it. False when that is not allowed or it is gone.</summary>
    public Task<bool> PinAsync(SessionInfo session, bool pinned) =>
        ChangeAsync(session, token => sessions.PinAsync(session.Id, pinned, token));

    /// <summary>Puts a conversation away, where search and the archive have it, or takes it back. False when that is not allowed or it is gone.</summary>
    public Task<bool> ArchiveAsync(SessionInfo session, bool archived) =>
        ChangeAsync(session, token => sessions.ArchiveAsync(session.Id, archived, token));

    /// <summary>Saves that the person has seen what is new in a conversation. Nobody is told when that cannot be saved: it is tried at the next look.</summary>
    public async Task SeeAsync(SessionInfo session)
    {
        try
        {
            if (_user is not null && await sessions.SeeAsync(session.Id, _user.Id, _stop.Token))
            {
                changes.Report(_user.Id);
            }
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotSeen(exception, session.Id);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The circuit is gone.
        }
    }

    /// <summary>
    /// Asks to delete what is in a conversation. It begins after <see cref="RetentionOptions.UndoPeriod"/>, happens in the background and
    /// can be followed with <see cref="ErasureService"/>. Refused when it is not allowed, the conversation is gone, or storage is
    /// unavailable.
    /// </summary>
    /// <param name="session">The conversation.</param>
    /// <param name="delete">Also takes it off the list, at once.</param>
    public async Task<RequestedErasure> EraseAsync(SessionInfo session, bool delete)
    {
        var requested = await RequestErasureAsync(session, delete);
        await ReadAndReportAsync();
        return requested;
    }

    /// <summary>Takes a deletion back. False when it has begun, or that cannot be saved.</summary>
    public async Task<bool> UndoAsync(string requestId)
    {
        try
        {
            return _user is not null && await erasures.UndoAsync(_user.Id, requestId, _stop.Token);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotUndone(exception, requestId);
            return false;
        }
        finally
        {
            await ReadAndReportAsync();
        }
    }

    /// <summary>Stops following and waits for the loop.</summary>
    public async ValueTask DisposeAsync()
    {
        Changed = null;
        _watch?.Dispose();
        await _stop.CancelAsync();
        await _following;
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _reading.Dispose();
    }

    private async Task<RequestedErasure> RequestErasureAsync(SessionInfo session, bool delete)
    {
        try
        {
            return _user is not null
                && await erasures.RequestAsync(_user.Id, session.Id, delete, retention.Value.UndoPeriod, _stop.Token) is { } request
                ? new RequestedErasure(null, request.Id)
                : new RequestedErasure(SessionText.DeleteFailed(delete), null);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotAsked(exception, session.Id);
            return new RequestedErasure(SessionText.DeleteNotSaved(delete), null);
        }
    }

    private async Task<bool> ChangeAsync(SessionInfo session, Func<CancellationToken, Task<bool>> change)
    {
        try
        {
            return await MayWriteAsync(session) && await change(_stop.Token);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotChanged(exception, session.Id);
            return false;
        }
        finally
        {
            await ReadAndReportAsync();
        }
    }

    // Other tabs and devices are told; this list is read at once.
    private async Task ReadAndReportAsync()
    {
        await ReadAsync(more: false);
        if (_user is not null)
        {
            changes.Report(_user.Id);
        }
    }

    private async Task ListenAsync(AsyncSignal changed, CancellationToken cancellationToken)
    {
        var next = changed.Next;
        while (true)
        {
            await next.WaitAsync(cancellationToken);
            next = changed.Next;
            await ReadAsync(more: false);
        }
    }

    private async Task<bool> MayWriteAsync(SessionInfo session) =>
        _user is not null && await access.TryAcquireAsync(
            _user.Id, new RunOwner(session.UserId, session.TeamId), RunAction.Write, _stop.Token) is not null;

    private async Task ReadAsync(bool more)
    {
        if (_user is null)
        {
            return;
        }

        await _reading.WaitAsync(_stop.Token);
        try
        {
            var before = more && Items.Count > 0 ? SessionCursor.Of(Items[^1]) : null;
            // A refresh keeps as much as was already on screen.
            var limit = more ? PageSize : Math.Max(PageSize, Items.Count);
            var filter = ShowsArchived ? SessionFilter.Archived : Search.Length > 0 ? SessionFilter.All : SessionFilter.Current;
            var page = await sessions.ListAsync(_user.Id, filter, Search, before, limit + 1, _stop.Token);
            Pinned = filter is SessionFilter.Current
                ? await sessions.ListAsync(_user.Id, SessionFilter.Pinned, search: null, before: null, MaxPinned, _stop.Token)
                : [];
            HasMore = page.Count > limit;
            IReadOnlyList<SessionInfo> shown = [.. page.Take(limit)];
            Items = before is null ? shown : [.. Items, .. shown];
            HasFailed = false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogReadFailed(exception);
            HasFailed = true;
        }
        finally
        {
            IsLoading = false;
            _reading.Release();
        }

        Changed?.Invoke();
    }

    private async Task FollowAsync(UserInfo user, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var changed in directory.FollowAsync(RunScope.OfUser(user.Id), cancellationToken))
            {
                if (_live.Apply(changed))
                {
                    await ReadAsync(more: false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The circuit is gone.
        }
        catch (Exception exception)
        {
            LogFollowBroke(exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "The conversations could not be read")]
    private partial void LogReadFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Session {SessionId} could not be changed: storage is unavailable")]
    private partial void LogNotChanged(Exception exception, string sessionId);

    [LoggerMessage(LogLevel.Debug, "That session {SessionId} was seen could not be saved")]
    private partial void LogNotSeen(Exception exception, string sessionId);

    [LoggerMessage(LogLevel.Warning, "Deletion {RequestId} could not be undone: storage is unavailable")]
    private partial void LogNotUndone(Exception exception, string requestId);

    [LoggerMessage(LogLevel.Warning, "The deletion of session {SessionId} could not be requested: storage is unavailable")]
    private partial void LogNotAsked(Exception exception, string sessionId);

    [LoggerMessage(LogLevel.Error, "Following the list of conversations failed")]
    private partial void LogFollowBroke(Exception exception);
}
