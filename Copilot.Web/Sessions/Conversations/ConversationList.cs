using Copilot.Domain.Erasure;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Sessions.Conversations;

/// <summary>
/// One person's conversations, as the sidebar shows them: searched, paged by keyset, with what runs in them right now. Lives as
/// long as the circuit; follows the directory once <see cref="StartAsync"/> was called.
/// </summary>
internal sealed partial class ConversationList(
    SessionStore sessions,
    ErasureService forgettings,
    IRunDirectory directory,
    IRunAccess access,
    TimeProvider time,
    ILogger<ConversationList> logger) : IAsyncDisposable
{
    private const int PageSize = 40;

    private static readonly TimeSpan s_typingPause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Dictionary<string, RunStatus> _live = [];
    private UserInfo? _user;
    private Task _following = Task.CompletedTask;
    private int _searches;

    /// <summary>Raised after anything here has changed, on any thread.</summary>
    public event Action? Changed;

    /// <summary>The conversations found so far, the one that changed last first.</summary>
    public IReadOnlyList<SessionInfo> Items { get; private set; } = [];

    /// <summary>True until the first page has been read.</summary>
    public bool IsLoading { get; private set; } = true;

    /// <summary>True when the list could not be read.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>True when there are older ones.</summary>
    public bool HasMore { get; private set; }

    /// <summary>What is looked for; empty for all.</summary>
    public string Search { get; private set; } = "";

    /// <summary>Status of the run that is at work in a session, or null.</summary>
    public RunStatus? LiveStatus(string sessionId)
    {
        lock (_live)
        {
            return _live.TryGetValue(sessionId, out var status) ? status : null;
        }
    }

    /// <summary>Reads the first page and begins to follow. Once per circuit.</summary>
    public async Task StartAsync(UserInfo user)
    {
        if (_user is not null)
        {
            return;
        }

        _user = user;
        _following = FollowAsync(user, _stop.Token);
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

    /// <summary>Gives a conversation another title. False when that is not allowed or it is gone.</summary>
    public async Task<bool> RenameAsync(SessionInfo session, string title)
    {
        var done = await MayWriteAsync(session) && await sessions.RenameAsync(session.Id, title, _stop.Token);
        await ReadAsync(more: false);
        return done;
    }

    /// <summary>
    /// Asks to forget what is in a conversation. It happens in the background and can be followed with <see cref="ErasureService"/>.
    /// Null when it was asked for, else a sentence: it is not allowed, the conversation is gone, or storage is unavailable.
    /// </summary>
    /// <param name="session">The conversation.</param>
    /// <param name="delete">Also takes it off the list, at once.</param>
    public async Task<string?> EraseAsync(SessionInfo session, bool delete)
    {
        var problem = await RequestErasureAsync(session, delete);
        await ReadAsync(more: false);
        return problem;
    }

    /// <summary>Stops following and waits for the loop.</summary>
    public async ValueTask DisposeAsync()
    {
        Changed = null;
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
        _reading.Dispose();
    }

    private async Task<string?> RequestErasureAsync(SessionInfo session, bool delete)
    {
        try
        {
            return _user is not null && await forgettings.RequestAsync(_user.Id, session.Id, delete, _stop.Token) is not null
                ? null
                : SessionText.DeleteFailed(delete);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotAsked(exception, session.Id);
            return SessionText.DeleteNotSaved(delete);
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
            var page = await sessions.ListAsync(_user.Id, Search, before, limit + 1, _stop.Token);
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
                if (Apply(changed))
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

    // True when a session appeared, moved or settled; text that streams changes nothing here.
    private bool Apply(IReadOnlyList<RunSummary> changed)
    {
        var visible = false;
        lock (_live)
        {
            foreach (var run in changed)
            {
                if (run.Status.IsSettled())
                {
                    visible |= _live.Remove(run.SessionId) || run.ForgottenAt is not null;
                }
                else if (!(run.Status is RunStatus.Queued && _live.ContainsKey(run.SessionId)))
                {
                    visible |= !_live.TryGetValue(run.SessionId, out var known) || known != run.Status;
                    _live[run.SessionId] = run.Status;
                }
            }
        }

        return visible;
    }

    [LoggerMessage(LogLevel.Error, "The conversations could not be read")]
    private partial void LogReadFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The deletion of session {SessionId} could not be requested: storage is unavailable")]
    private partial void LogNotAsked(Exception exception, string sessionId);

    [LoggerMessage(LogLevel.Error, "ChangeWatcher the list of conversations failed")]
    private partial void LogFollowBroke(Exception exception);
}
