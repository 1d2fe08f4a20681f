using Copilot.Domain.Audit;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Sessions.Supervising;
using Copilot.Web.Sessions.Timelines;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Sessions;

/// <summary>
/// One page's conversation: which runs it shows, and what the person may do. Follows the directory, so a run that begins in
/// another tab appears here. Holds no socket and no run: disposing it detaches and never stops a run.
/// </summary>
internal sealed partial class ChatSession(
    SessionStore sessions,
    IRunEventStore store,
    IRunDirectory directory,
    RunTimelines timelines,
    IRunAccess access,
    PageAudit audit,
    TimeProvider time,
    ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<ChatSession>();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, RunSummary> _runs = [];
    private UserInfo? _user;
    private string? _tip;
    private int _visit;
    private CancellationTokenSource? _looking;
    private Task _following = Task.CompletedTask;
    private CancellationTokenRegistration _revocation;

    /// <summary>Raised after <see cref="State"/> has changed, on any thread.</summary>
    public event Action? Changed;

    /// <summary>What the page shows now.</summary>
    public ChatState State { get; private set; } = ChatState.Loading;

    /// <summary>The session this page is on, or null in a conversation that has not begun.</summary>
    public string? SessionId { get; private set; }

    /// <summary>
    /// Another number for each conversation that is shown, from the moment the page is asked to: who comes back is not who stayed.
    /// </summary>
    internal int Visit => Volatile.Read(ref _visit);

    /// <summary>Shows the empty conversation.</summary>
    public async Task StartNewAsync(UserInfo user)
    {
        Interlocked.Increment(ref _visit);
        await _turn.WaitAsync();
        try
        {
            await CloseAsync();
            _user = user;
            SessionId = null;
            Set(new ChatState { Phase = ChatPhase.New, CanWrite = true, CanControl = true });
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Shows a session and follows it.</summary>
    /// <param name="user">Who looks.</param>
    /// <param name="sessionId">The session, from the address; anything.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    public async Task OpenAsync(UserInfo user, string sessionId, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _visit);

        // One after the other: a person who changes their mind ends on what they chose last.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await CloseAsync();
            Set(ChatState.Loading);
            await ShowAsync(user, sessionId, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Begins to look at one run of this session, with this page's permission. The caller disposes the viewer.</summary>
    public RunViewer View(RunSummary run, Func<TimelineState, Task> draw) =>
        new(timelines, time, loggers.CreateLogger<RunViewer>(), run, draw, _looking?.Token ?? new CancellationToken(canceled: true));

    /// <summary>Shows another branch and keeps the choice.</summary>
    /// <param name="tip">Newest run of the branch.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async Task SelectBranchAsync(string tip, CancellationToken cancellationToken)
    {
        if (State.Session is not { } session || _user is null)
        {
            return;
        }

        var lease = await access.TryAcquireAsync(_user.Id, session.Owner, RunAction.Write, cancellationToken);
        if (lease is not null)
        {
            await sessions.SelectBranchAsync(session.Id, tip, cancellationToken);
        }

        // Who may only look chooses for this page alone.
        _tip = tip;
        Recompute();
    }

    /// <summary>Rates an answer: 1, -1, or 0 to take it back.</summary>
    public async Task RateAsync(string runId, int rating, CancellationToken cancellationToken)
    {
        if (State.Session is not { } session || _user is null
            || await access.TryAcquireAsync(_user.Id, session.Owner, RunAction.Write, cancellationToken) is null
            || !await sessions.RateAsync(runId, _user.Id, rating, cancellationToken))
        {
            return;
        }

        var ratings = State.Ratings.Where(pair => pair.Key != runId).ToDictionary();
        if (rating != 0)
        {
            ratings[runId] = rating;
        }

        Set(State with { Ratings = ratings });
    }

    /// <summary>Stops looking and waits for the loop.</summary>
    public async ValueTask DisposeAsync()
    {
        Changed = null;
        await _turn.WaitAsync();
        try
        {
            await CloseAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Takes in what a command has just made, without waiting for the directory to say it. Nothing happens when the page has gone to
    /// another conversation since.
    /// </summary>
    /// <param name="run">The run that was made.</param>
    /// <param name="from">The <see cref="Visit"/> in which it was asked for.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    internal async Task AdoptAsync(RunSummary run, int from, CancellationToken cancellationToken)
    {
        if (SessionId != run.SessionId)
        {
            // The empty conversation stays on screen until its first run can take its place.
            await _turn.WaitAsync(cancellationToken);
            try
            {
                if (Interlocked.CompareExchange(ref _visit, from + 1, from) == from)
                {
                    await CloseAsync();
                    await ShowAsync(_user!, run.SessionId, cancellationToken);
                }
            }
            finally
            {
                _turn.Release();
            }

            return;
        }

        _tip = run.RunId;
        Merge([run]);
    }

    private static ChatHead Head(SessionInfo session) =>
        new(session.Id, session.Title, new RunOwner(session.UserId, session.TeamId), session.HeadRunId);

    private async Task ShowAsync(UserInfo user, string sessionId, CancellationToken cancellationToken)
    {
        _user = user;
        SessionId = sessionId;
        try
        {
            await RefreshAsync(user, sessionId, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (AccessNotRecordedException exception)
        {
            LogOpenFailed(exception, sessionId);
            await CloseAsync();
            Set(new ChatState { Phase = ChatPhase.NotRecorded });
        }
        catch (Exception exception)
        {
            LogOpenFailed(exception, sessionId);
            await CloseAsync();
            Set(new ChatState { Phase = ChatPhase.Failed });
        }
    }

    private async Task RefreshAsync(UserInfo user, string sessionId, CancellationToken cancellationToken)
    {
        var found = await sessions.FindAsync(sessionId, cancellationToken);
        var head = found is null ? null : Head(found);
        var lease = head is null
            ? null
            : await access.TryAcquireAsync(user.Id, head.Owner, RunAction.View, cancellationToken);
        if (head is null || lease is null)
        {
            Set(new ChatState { Phase = ChatPhase.NotFound });
            return;
        }

        // Before anything of it is shown.
        await audit.RecordAsync(user, AccessActions.SessionRead, sessionId, head.Owner.UserId, after: null, cancellationToken);
        var write = await access.TryAcquireAsync(user.Id, head.Owner, RunAction.Write, cancellationToken);
        var control = await access.TryAcquireAsync(user.Id, head.Owner, RunAction.Control, cancellationToken);
        _looking = CancellationTokenSource.CreateLinkedTokenSource(lease.Revoked);
        _revocation = lease.Revoked.Register(() => Set(new ChatState { Phase = ChatPhase.AccessEnded }));

        // Listening begins before the runs are read, so none can begin and end unseen in between.
        var changes = directory.FollowAsync(RunScope.OfSession(sessionId), _looking.Token).GetAsyncEnumerator(_looking.Token);
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            var runs = await store.ReadSessionAsync(sessionId, cancellationToken);
            var ratings = await sessions.RatingsAsync(sessionId, user.Id, cancellationToken);
            _tip = head.HeadRunId;
            lock (_lock)
            {
                foreach (var run in runs)
                {
                    _runs[run.RunId] = run;
                }
            }

            Set(State with
            {
                Phase = lease.Revoked.IsCancellationRequested ? ChatPhase.AccessEnded : ChatPhase.Open,
                Session = head,
                CanWrite = write is not null,
                CanControl = control is not null,
                Ratings = ratings,
            });
            Recompute();
        }
        finally
        {
            _following = FollowAsync(changes, next, _looking.Token);
        }
    }

    private async Task CloseAsync()
    {
        await _revocation.DisposeAsync();
        if (_looking is { } looking)
        {
            await looking.CancelAsync();
            await _following;
            looking.Dispose();
            _looking = null;
        }

        lock (_lock)
        {
            _runs.Clear();
        }
    }

    [LoggerMessage(LogLevel.Error, "Session {SessionId} could not be opened")]
    private partial void LogOpenFailed(Exception exception, string sessionId);
}
