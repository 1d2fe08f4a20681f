using Copilot.Domain.Concurrency;
using Copilot.Domain.Replay;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Find;
using Copilot.Web.Components.Navigation;
using Copilot.Web.Components.RunScreen.Comments;
using Copilot.Web.Components.RunScreen.Export;
using Copilot.Web.Components.RunScreen.Player;
using Copilot.Web.Components.RunScreen.Review;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Finding;
using Copilot.Web.Sessions.RunScreen;
using Copilot.Web.Sessions.Timelines;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Copilot.Web.Components.RunScreen;

/// <summary>The screen of one run, live or ended: wiring between the address, an <see cref="IRunSource"/> and the parts of the screen.</summary>
public sealed partial class RunPage(NavigationManager navigation, IJSRuntime js, TimeProvider time) : IAsyncDisposable
{
    private const string ConversationPart = "conversation";
    private const string CommentsPart = "comments";

    private readonly StopSource _stop = new();
    private RenderCoalescer _redrawing = null!;
    private ScriptModule _script = null!;
    private WatchedRunState _watch = WatchedRunState.Loading;
    private TimelineNames _names = TimelineNames.None;
    private ElementReference _page;
    private ShownRun _look = null!;
    private IRunSource _run = null!;
    private Playhead _head = null!;
    private ShownRun? _coming;
    private RunReview? _review;
    private SessionStrip? _strip;
    private IReadOnlyList<CommentThread> _comments = [];
    private string? _opened;
    private string? _begins;
    private bool _playsOn;
    private bool _wasLive;
    private string? _author;
    private bool _isMounted;

    /// <summary>The run in the address.</summary>
    [Parameter]
    public string RunId { get; set; } = "";

    /// <summary>Seq of the event that the screen shows the run at, or two of them for a stretch (<see cref="SeqRange"/>); null for its newest.</summary>
    [SupplyParameterFromQuery(Name = "seq")]
    public string? Place { get; set; }

    /// <summary>The part that is shown where there is room for one only.</summary>
    [SupplyParameterFromQuery(Name = "part")]
    public string? Part { get; set; }

    /// <summary>The list that the run was opened from (<see cref="RunListRequest.ToOrigin"/>); null for none.</summary>
    [SupplyParameterFromQuery(Name = RunAddress.Origin)]
    public string? From { get; set; }

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    /// <summary>Where the run comes from; null for the log.</summary>
    [CascadingParameter]
    internal IRunSource? Source { get; set; }

    [Inject]
    internal IDialogService Dialogs { get; set; } = null!;

    [Inject]
    internal WatchedRuns Runs { get; set; } = null!;

    [Inject]
    internal RunNeighbors Neighbors { get; set; } = null!;

    [Inject]
    internal PersonNames People { get; set; } = null!;

    [Inject]
    internal ToolTitles Titles { get; set; } = null!;

    private TimelineState Shown => _head.Shown;

    private TimelineStep Run => _head.Step;

    private string Open => Parts.Contains(Part) ? Part! : ConversationPart;

    private string[] Parts =>
        [ConversationPart, .. Source is null ? [CommentsPart] : (string[])[], "steps", "lanes", .. _run.Events is null ? (string[])[] : ["events"]];

    private int OpenComments => _comments.Count(thread => thread.IsOpen);

    // Back to the list that the run was opened from. A run that was opened elsewhere while it worked was found on the wall.
    private (string Text, string Address) Crumb => From is null && _wasLive && NavigationItems.For(User.Role).FirstOrDefault(item => item.Address == "/live") is { } live
        ? (live.Text, live.Address)
        : (FindText.Runs, "/runs" + (FindColumns.Allowed(RunListRequest.Parse(From ?? ""), User) with { SeenBefore = null }).ToQuery(withShown: false));

    /// <summary>Detaches. The run goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _look.DisposeAsync();
        if (_coming is { } coming)
        {
            await coming.DisposeAsync();
        }

        await _redrawing.DisposeAsync();
        await _script.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Called by the script: the reader wants the run before (-1) or after (1) this one in the list that it was opened from, else on the wall.</summary>
    [JSInvokable]
    public async Task Step(int by)
    {
        var next = Source is not null
            ? null
            : From is null ? await Neighbors.FindAsync(User.Id, RunId, Math.Sign(by), _stop.Token) : _review?.Neighbor(Math.Sign(by));
        if (next is { } run)
        {
            navigation.NavigateTo(AddressOf(run));
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _names = new TimelineNames(Titles.All) { ShowsCosts = User.SeesCosts, IsAdmin = User.IsAdmin };
        _script = new ScriptModule(js, "./Components/RunScreen/RunPage.razor.js");
        _redrawing = new RenderCoalescer(() => InvokeAsync(TakeState));
        _look = Look();
        (_run, _head) = (_look.Run, _look.Head);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_opened != RunId)
        {
            var isFirst = _opened is null;
            _opened = RunId;
            await (isFirst ? ReopenAsync() : OpenAsync());
        }
        else
        {
            (_coming ?? _look).Head.TakeAddress(Place);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_watch.Phase is WatchPhase.Open != _isMounted)
        {
            // The page element comes and goes with the run.
            _isMounted = !_isMounted;
            await (_isMounted ? _script.MountAsync(_page, _script.ReferenceTo(this)) : _script.InvokeMountedAsync("dispose"));
        }
    }

    private ShownRun Look()
    {
        var look = new ShownRun(RunId, Source ?? Runs.Create(), new Playhead(navigation, time, StateHasChanged));
        look.Run.Changed += _redrawing.Request;
        look.Head.TakeAddress(Place);
        return look;
    }

    // What is shown stays until the next run is there: who goes from one to the next sees no empty screen between them.
    private async Task OpenAsync()
    {
        // The page may be left while this waits.
        var (look, before, stop) = (Look(), _coming, _stop.Token);
        _look.Head.Leave();
        _coming = look;
        if (before is not null)
        {
            await before.DisposeAsync();
        }

        if (_watch.Phase is not WatchPhase.Open && _coming == look)
        {
            await ShowAsync(look);
        }

        // Unless yet another one is wanted by now.
        if (_look == look || _coming == look)
        {
            await look.Run.OpenAsync(User, look.RunId, step => DrawAsync(look, step), stop);
        }
    }

    private async Task ShowAsync(ShownRun look)
    {
        var before = _look;
        (_look, _run, _head, _coming) = (look, look.Run, look.Head, null);
        (_watch, _author, _comments) = (_run.State, null, []);
        _head.Listed = _watch.Run?.Status;
        _wasLive = _watch.Run?.Status.IsSettled() is false;
        StateHasChanged();
        await before.DisposeAsync();
    }

    private Task ReopenAsync()
    {
        _head.Forget();
        _author = null;
        var look = _look;
        return look.Run.OpenAsync(User, look.RunId, step => DrawAsync(look, step), _stop.Token);
    }

    private async Task TakeState()
    {
        // What cannot be shown is said at once.
        if (_coming is { Run.State.Phase: not (WatchPhase.Loading or WatchPhase.Open) } coming)
        {
            await ShowAsync(coming);
        }

        var isOpened = _watch.Phase is not WatchPhase.Open;
        _watch = _run.State;
        _head.Listed = _watch.Run?.Status;
        _wasLive = isOpened && _watch.Phase is WatchPhase.Open ? _watch.Run?.Status.IsSettled() is false : _wasLive;
        StateHasChanged();
    }

    // Names first: an item is drawn once.
    private Task DrawAsync(ShownRun look, TimelineStep step) => InvokeAsync(async () =>
    {
        // Who is in a file is nobody here, whatever their id.
        if (Source is null)
        {
            await TimelineActors.LearnAsync(step.State, _names, People);
        }

        look.Head.Take(step);
        if (_coming == look)
        {
            await ShowAsync(look);
        }

        if (_look == look)
        {
            _author ??= step.State.Items.OfType<UserMessageItem>().FirstOrDefault()?.Actor is { } author ? _names.Of(author) : null;
            await TakeState();
        }
    });

    private string AddressOf(string runId) => AddressOf(runId, seq: null);

    private string AddressOf(string runId, long? seq) => RunAddress.Of(runId, seq, From, Open == ConversationPart ? null : Open);

    private async Task<bool> PlayOnAsync()
    {
        if (_strip is not { } strip || await strip.FindNextAsync() is not { } next)
        {
            return false;
        }

        _begins = next;
        navigation.NavigateTo(AddressOf(next, seq: 1));
        return true;
    }

    private string Link(long seq) => navigation.GetUriWithQueryParameter("seq", seq);

    private Task<IDialogReference> ExportAsync(RunSummary run) => Dialogs.ShowAsync<ExportDialog>(
        ExportText.Title,
        new DialogParameters<ExportDialog>
        {
            { one => one.Run, run },
            { one => one.User, User },
            { one => one.Names, _names },
            { one => one.People, ((string?[])[_watch.Owner, .. _watch.Watchers.Select(one => one.Name)]).OfType<string>().Concat(_names.People).Distinct().ToList() },
            { one => one.Clip, _head.Stretch },
            { one => one.IsTechnical, _watch.IsTechnical },
        },
        new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });

    private void Choose(string part) =>
        navigation.NavigateTo(navigation.GetUriWithQueryParameter("part", part == ConversationPart ? null : part), replace: true);
}
