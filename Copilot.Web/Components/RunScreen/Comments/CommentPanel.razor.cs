using Copilot.Domain.Replay.Clock;
using Copilot.Web.Components.Access;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Copilot.Web.Components.RunScreen.Comments;

/// <summary>The comments on one run: each run has a panel of its own, so give it a key.</summary>
public sealed partial class CommentPanel(TimeProvider time, ILogger<CommentPanel> logger, IJSRuntime js) : WatchingPage(time, logger)
{
    // What was begun is kept until it is saved or dropped: whoever looks elsewhere meanwhile comes back to their words.
    private readonly Dictionary<string, string> _written = [];
    private IReadOnlyList<CommentThread>? _threads;
    private IReadOnlyList<CommentPerson> _people = [];
    private CommentFilter _filter = CommentFilter.Open;
    private CommentDraft? _writing;
    private ElementReference _root;
    private ScriptModule? _script;
    private long? _version;
    private bool _isShown;
    private string? _arrived;
    private object? _drawn;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public required string RunId { get; set; }

    /// <summary>Who looks.</summary>
    [Parameter, EditorRequired]
    public required UserInfo User { get; set; }

    /// <summary>Seq of the event that is shown.</summary>
    [Parameter, EditorRequired]
    public required long Seq { get; set; }

    /// <summary>When the run's events came.</summary>
    [Parameter, EditorRequired]
    public required EventTimes Times { get; set; }

    /// <summary>Whether the panel is in sight.</summary>
    [Parameter]
    public bool IsShown { get; set; }

    /// <summary>Whether the run's content was deleted, and the comments with it.</summary>
    [Parameter]
    public bool IsErased { get; set; }

    /// <summary>Address of an event.</summary>
    [Parameter, EditorRequired]
    public required Func<long, string> Link { get; set; }

    /// <summary>Called with the event that the reader wants to see.</summary>
    [Parameter]
    public EventCallback<long> OnGo { get; set; }

    /// <summary>The panel is needed.</summary>
    [Parameter]
    public EventCallback OnOpen { get; set; }

    /// <summary>Called with all comments when they have changed.</summary>
    [Parameter]
    public EventCallback<IReadOnlyList<CommentThread>> OnChanged { get; set; }

    [Inject]
    internal RunComments Comments { get; set; } = null!;

    [Inject]
    internal Copilot.Web.Runs.Comments.Mentions Mentioned { get; set; } = null!;

    [Inject]
    internal CommentChanges Changes { get; set; } = null!;

    [Inject]
    internal ChangingPerson Person { get; set; } = null!;

    [Inject]
    internal IDialogService Dialogs { get; set; } = null!;

    [Inject]
    internal Toasts Toasts { get; set; } = null!;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    /// <summary>Called by the script: the reader wants to comment on the moment that is shown.</summary>
    [JSInvokable("Begin")]
    public async Task BeginAsync()
    {
        if (IsErased || IsLeft)
        {
            return;
        }

        var seq = Math.Max(1, Seq);
        await OnOpen.InvokeAsync();
        await WriteAsync(new CommentDraft.Marker(seq));
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => Changes.Next;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (IsShown != _isShown)
        {
            _isShown = IsShown;
            await MarkReadAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _script = new ScriptModule(js, "./Components/RunScreen/Comments/CommentPanel.razor.js");
            await _script.MountAsync(_root, _script.ReferenceTo(this));
        }
    }

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var version = Changes.VersionOf(RunId);
        if (version == _version)
        {
            return true;
        }

        var before = _threads;
        if (await Comments.ReadAsync(User.Id, RunId, cancellationToken) is not { } threads)
        {
            // The page itself says what has become of it.
            return false;
        }

        cancellationToken.ThrowIfCancellationRequested();
        (_threads, _version) = (threads, version);
        if (before is not null && All(threads).ExceptBy(All(before).Select(one => one.Id), one => one.Id).LastOrDefault(one => one.AuthorId != User.Id) is { } arrived)
        {
            _arrived = CommentsText.Arrived(CommentsText.Author(arrived, User));
        }

        await OnChanged.InvokeAsync(threads);
        await MarkReadAsync();
        return true;
    }

    /// <summary>The page is drawn anew with each move of the playhead; the panel is not.</summary>
    protected override bool ShouldRender()
    {
        var isTimed = _threads?.Count > 0 && Times.Count >= _threads[^1].Seq;
        var look = (_threads, _people, _filter, _writing, _arrived, IsShown, IsErased, (HasFailed, isTimed));
        var changed = !look.Equals(_drawn);
        _drawn = look;
        return changed;
    }

    private static IEnumerable<RunComment> All(IReadOnlyList<CommentThread> threads) => threads.SelectMany(thread => thread.Replies.Prepend(thread.Marker));

    private IEnumerable<CommentThread> Threads(CommentFilter filter) =>
        (_threads ?? []).Where(thread => filter is CommentFilter.All || thread.IsOpen == filter is CommentFilter.Open);

    private string MomentOf(long seq) => CommentsText.Moment(Times.Count >= seq && Times.TimeOf(seq) is { } at && Times.Origin is { } origin ? at - origin : null, seq);

    private string About(string verb, CommentThread thread) => CommentsText.About(verb, CommentsText.Author(thread.Marker, User), MomentOf(thread.Seq));

    private string Written(CommentDraft draft) => _written.GetValueOrDefault(draft.Key, "");

    private string? Edited(RunComment comment) => _written.GetValueOrDefault(new CommentDraft.Edit(comment.Id).Key);

    private void Keep(CommentDraft draft, string text) => _written[draft.Key] = text;

    private bool IsEdited(RunComment comment) => _writing is CommentDraft.Edit edit && edit.CommentId == comment.Id;

    // What is in sight was read.
    private async Task MarkReadAsync()
    {
        if (IsShown && _threads is { } threads && All(threads).Any(comment => comment.Mentions.Any(person => person.Id == User.Id)))
        {
            await Mentioned.MarkReadAsync(User.Id, RunId, Left);
        }
    }

    private async Task WriteAsync(CommentDraft draft)
    {
        _people = await Comments.PeopleAsync(User.Id, RunId, Left);
        _writing = draft;
    }

    private void Leave(CommentDraft draft)
    {
        _written.Remove(draft.Key);
        _writing = _writing == draft ? null : _writing;
    }

    private Task ReplyToAsync(CommentThread thread) => WriteAsync(new CommentDraft.Reply(thread.Marker.Id));

    private async Task Edit(RunComment comment, bool isBegun)
    {
        if (isBegun)
        {
            await WriteAsync(new CommentDraft.Edit(comment.Id));
        }
        else
        {
            Leave(new CommentDraft.Edit(comment.Id));
        }
    }

    private Task<string?> AddAsync(CommentDraft.Marker marker, string text) =>
        SaveAsync(marker, (by, token) => Comments.AddAsync(by, RunId, marker.Seq, text, clientId: null, token));

    private Task<string?> ReplyAsync(CommentDraft.Reply reply, string text) =>
        SaveAsync(reply, (by, token) => Comments.ReplyAsync(by, RunId, reply.CommentId, text, clientId: null, token));

    private Task<string?> EditAsync(RunComment comment, string text) =>
        SaveAsync(new CommentDraft.Edit(comment.Id), (by, token) => Comments.EditAsync(by, RunId, comment.Id, text, token));

    private async Task<string?> SaveAsync(CommentDraft draft, Func<ChangedBy, CancellationToken, Task<CommentChange>> save)
    {
        var result = await DoAsync(save);
        if (result.Accepted)
        {
            Leave(draft);
            // A new marker is open: it is not saved out of sight.
            _filter = _filter is CommentFilter.Settled ? CommentFilter.All : _filter;
            StateHasChanged();
        }

        return result.Problem;
    }

    private async Task DeleteAsync(RunComment comment)
    {
        if (await ConfirmDialog.AskAsync(Dialogs, CommentsText.DeleteTitle, [CommentsText.DeleteDetails], CommentsText.Delete))
        {
            Warn(await DoAsync((by, token) => Comments.DeleteAsync(by, RunId, comment.Id, token)));
        }
    }

    private async Task SettleAsync(CommentThread thread) =>
        Warn(await DoAsync((by, token) => Comments.SettleAsync(by, RunId, thread.Marker.Id, thread.IsOpen, token)));

    private void Warn(CommandResult result)
    {
        if (result.Problem is { } problem)
        {
            Toasts.Warn(problem);
        }
    }

    private async Task<CommandResult> DoAsync(Func<ChangedBy, CancellationToken, Task<CommentChange>> change)
    {
        try
        {
            return await StorageTimeout.RunAsync(
                Time,
                CommentsText.NotSaved,
                async token => await Person.FindAsync(token) is { } by
                    ? (await change(by, token)).Result
                    : CommandResult.Refused(RefusalCode.NotFound, CommentText.NoSuchRun),
                Left);
        }
        catch (Exception exception) when (!IsLeft)
        {
            // What was written stays in its box.
            LogNotDone(Logger, exception, RunId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, CommentText.NotSaved);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A change of the comments on run {RunId} failed")]
    private static partial void LogNotDone(ILogger logger, Exception exception, string runId);
}
