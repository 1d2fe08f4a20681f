using System.Globalization;
using Copilot.Domain.Replay;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.RunScreen.Export;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.RunScreen;
using Copilot.Web.Sessions.Timelines;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Copilot.Web.Components.RunScreen;

/// <summary>The screen of one run, live or ended: wiring between the address, a <see cref="WatchedRun"/> and the parts of the screen.</summary>
public sealed partial class RunPage(NavigationManager navigation, IJSRuntime js, TimeProvider time) : IAsyncDisposable
{
    private const string ConversationPart = "conversation";

    // How fast the playhead runs after the newest, and how often it is moved.
    private const double CatchUpSpeed = 1.5;
    private static readonly TimeSpan s_catchUpStep = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<string?> _ownPlaces = [];
    private WatchedRun _run = null!;
    private RenderCoalescer _redrawing = null!;
    private DotNetObjectReference<RunPage>? _self;
    private ScriptModule _script = null!;
    private WatchedRunState _watch = WatchedRunState.Loading;
    private TimelineStep _step = new(TimelineState.Empty, 0, HasEnded: false);
    private TimelineNames _names = TimelineNames.None;
    private ElementReference _page;
    private TimelineState? _clipped;
    private long? _seq;
    private long? _selected;
    private SeqRange? _stretch;
    private string? _placeInAddress;
    private DateTimeOffset? _at;
    private CancellationTokenSource? _catching;
    private string? _opened;
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

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

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

    private TimelineState Shown => _clipped ?? _step.State;

    // A run that goes on is played only by who has left its newest.
    private bool IsPlayable => _step.Times.Count > 0 && (_seq is not null || !IsLive);

    private bool IsLive => !_step.HasEnded && !_step.State.Status.IsTerminal();

    private string Open => Parts.Contains(Part) ? Part! : ConversationPart;

    private string[] Parts => _run.Events is null ? [ConversationPart, "steps", "lanes"] : [ConversationPart, "steps", "lanes", "events"];

    /// <summary>Detaches. The run goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _run.Changed -= _redrawing.Request;
        await _run.DisposeAsync();
        await _redrawing.DisposeAsync();
        await _script.DisposeAsync();
        _self?.Dispose();
        _stop.Dispose();
    }

    /// <summary>Called by the script: the reader wants the run before (-1) or after (1) this one in the order of the wall.</summary>
    [JSInvokable]
    public async Task Step(int by)
    {
        if (await Neighbors.FindAsync(User.Id, RunId, Math.Sign(by), _stop.Token) is { } run)
        {
            navigation.NavigateTo("/runs/" + run);
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _names = new TimelineNames(Titles.All) { ShowsCosts = User.SeesCosts, IsAdmin = User.IsAdmin };
        _script = new ScriptModule(js, "./Components/RunScreen/RunPage.razor.js");
        _run = Runs.Create();
        _redrawing = new RenderCoalescer(() => InvokeAsync(TakeState));
        _run.Changed += _redrawing.Request;
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_opened != RunId)
        {
            (_opened, _placeInAddress, _seq, _at, _selected, _stretch) = (RunId, null, null, null, null, null);
            _ownPlaces.Clear();
            TakeAddress();
            await ReopenAsync();
        }

        TakeAddress();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_watch.Phase is WatchPhase.Open != _isMounted)
        {
            // The page element comes and goes with the run.
            _isMounted = !_isMounted;
            await (_isMounted ? _script.MountAsync(_page, _self ??= DotNetObjectReference.Create(this)) : _script.InvokeMountedAsync("dispose"));
        }
    }

    private async Task ReopenAsync()
    {
        (_step, _clipped, _author) = (new(TimelineState.Empty, 0, HasEnded: false), null, null);
        await _run.OpenAsync(User, RunId, DrawAsync, _stop.Token);
    }

    private void TakeState()
    {
        _watch = _run.State;
        StateHasChanged();
    }

    private Task DrawAsync(TimelineStep step) => InvokeAsync(async () =>
    {
        await LearnNamesAsync(step.State);
        (_step, _watch) = (step, _run.State);
        Clip();
        StateHasChanged();
    });

    // The address moves the playhead when it changes; in between, the reader does, and what the reader's moves have written is no news.
    private void TakeAddress()
    {
        if (_placeInAddress != Place)
        {
            _placeInAddress = Place;
            var own = _ownPlaces.IndexOf(Place);
            _ownPlaces.RemoveRange(0, own < 0 ? _ownPlaces.Count : own + 1);
            if (own < 0)
            {
                _catching?.Cancel();
                var range = SeqRange.TryParse(Place, out var found) ? found : null;
                _stretch = range?.First < range?.Last ? range : null;
                (_seq, _at, _selected) = (range?.First, null, _stretch is null ? range?.First : null);
            }
        }

        Clip();
    }

    private void WriteAddress(string? place)
    {
        if (_ownPlaces.Count > 0 || place != _placeInAddress)
        {
            _ownPlaces.Add(place);
        }

        navigation.NavigateTo(navigation.GetUriWithQueryParameter("seq", place), replace: true);
    }

    // The state at a playhead stays the same while the run goes on.
    private void Clip()
    {
        if (_seq is not { } seq)
        {
            (_clipped, _at) = (null, null);
            return;
        }

        // While it is read, the event may not have come.
        _at ??= seq <= _step.Times.Count || _step.HasEnded ? _step.Times.TimeOf(seq) : null;
        if (seq >= _step.State.HeadSeq)
        {
            _clipped = null;
        }
        else if (_clipped?.HeadSeq != seq)
        {
            _clipped = TimelineClip.At(_step.State, seq);
        }
    }

    // Names first: an item is drawn once.
    private async Task LearnNamesAsync(TimelineState state)
    {
        await TimelineActors.LearnAsync(state, _names, People);

        _author ??= state.Items.OfType<UserMessageItem>().FirstOrDefault()?.Actor is { } author ? _names.Of(author) : null;
    }

    private string Link(long seq) => navigation.GetUriWithQueryParameter("seq", seq);

    private Task GoAsync(long? seq)
    {
        MoveTo(seq, at: null);
        (_selected, _stretch) = (seq, null);
        WriteAddress(AddressOf(seq));
        StateHasChanged();
        return Task.CompletedTask;
    }

    // An event is opened where it is; closing it leaves the playhead where it was.
    private Task SelectAsync(long? seq)
    {
        if (seq is not null)
        {
            return GoAsync(seq);
        }

        _selected = null;
        return Task.CompletedTask;
    }

    // A script draws the playhead while it moves; the address follows when it rests.
    private Task<long?> MoveAsync(DateTimeOffset at, bool rests)
    {
        // A script counts in fractions of milliseconds, the log in whole microseconds.
        at += TimeSpan.FromMicroseconds(0.5);
        var newest = IsLive ? time.GetUtcNow() : _step.Times.Newest ?? time.GetUtcNow();
        long? seq = at >= newest || _step.Times.Count == 0 ? null : Math.Max(1, _step.Times.SeqAt(at));
        MoveTo(seq, seq is null ? null : at);
        _selected = null;
        if (rests)
        {
            WriteAddress(_stretch?.ToString() ?? AddressOf(seq));
        }

        StateHasChanged();
        return Task.FromResult(seq);
    }

    private Task MeasureAsync(SeqRange range)
    {
        MoveTo(range.First, at: null);
        (_selected, _stretch) = (null, range);
        WriteAddress(range.ToString());
        StateHasChanged();
        return Task.CompletedTask;
    }

    private static string? AddressOf(long? seq) => seq?.ToString(CultureInfo.InvariantCulture);

    private void MoveTo(long? seq, DateTimeOffset? at)
    {
        _catching?.Cancel();
        (_seq, _at) = (seq, at);
        Clip();
    }

    // As a live video does: the reader sees everything, only faster, until they are where the run is.
    private async Task CatchUpAsync()
    {
        if (_catching is { } running)
        {
            await running.CancelAsync();
            return;
        }

        if (_at is not { } at)
        {
            return;
        }

        WriteAddress(null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _catching = stop;
        var moved = time.GetTimestamp();
        try
        {
            while (IsLive && at < time.GetUtcNow())
            {
                (_at, _seq) = (at, Math.Max(1, _step.Times.SeqAt(at)));
                Clip();
                StateHasChanged();
                await Task.Delay(s_catchUpStep, time, stop.Token);
                var now = time.GetTimestamp();
                at += time.GetElapsedTime(moved, now) * CatchUpSpeed;
                moved = now;
            }

            (_seq, _at) = (null, null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The reader went elsewhere, or stopped it: the playhead stays where it is.
            return;
        }
        finally
        {
            _catching = null;
            Clip();
        }
    }

    private Task<IDialogReference> ExportAsync(RunSummary run) => Dialogs.ShowAsync<ExportDialog>(
        ExportText.Title,
        new DialogParameters<ExportDialog>
        {
            { one => one.Run, run },
            { one => one.User, User },
            { one => one.Names, _names },
            { one => one.People, ((string?[])[_watch.Owner, .. _watch.Watchers.Select(one => one.Name)]).OfType<string>().Concat(_names.People).Distinct().ToList() },
            { one => one.Clip, _stretch },
            { one => one.IsTechnical, _watch.IsTechnical },
        },
        new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });

    private void Choose(string part) =>
        navigation.NavigateTo(navigation.GetUriWithQueryParameter("part", part == ConversationPart ? null : part), replace: true);
}
