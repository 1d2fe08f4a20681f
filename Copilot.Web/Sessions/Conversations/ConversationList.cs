using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Sessions.Conversations;

/// <summary>
/// One person's conversations, as the sidebar shows them: searched, paged by keyset, with what runs in them right now. Lives as
/// long as the circuit; follows the directory and what <see cref="ConversationCommands"/> change once <see cref="StartAsync"/> was called.
/// </summary>
internal sealed partial class ConversationList(
    SessionStore sessions,
    IRunDirectory directory,
    ConversationChanges changes,
    TimeProvider time,
    ILogger<ConversationList> logger) : IAsyncDisposable
{
    private const int PageSize = 40;
    private const int MaxPinned = 50;

    private static readonly TimeSpan s_typingPause = TimeSpan.FromMilliseconds(200);

    private readonly StopSource _stop = new();
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

    /// <summary>True where words are looked for and there is none among them, as with an emoji alone.</summary>
    public bool IsSearchWithoutWords => SearchTerm.IsWithoutWords(Search);

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

    [LoggerMessage(LogLevel.Error, "Following the list of conversations failed")]
    private partial void LogFollowBroke(Exception exception);
}
