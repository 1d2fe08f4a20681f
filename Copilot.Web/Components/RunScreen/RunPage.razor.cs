using Copilot.Domain.Replay;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
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

/// <summary>The screen of one run, live or ended: wiring between the address, an <see cref="IRunSource"/> and the parts of the screen.</summary>
public sealed partial class RunPage(NavigationManager navigation, IJSRuntime js, TimeProvider time) : IAsyncDisposable
{
    private const string ConversationPart = "conversation";

    private readonly CancellationTokenSource _stop = new();
    private IRunSource _run = null!;
    private RenderCoalescer _redrawing = null!;
    private DotNetObjectReference<RunPage>? _self;
    private ScriptModule _script = null!;
    private WatchedRunState _watch = WatchedRunState.Loading;
    private TimelineNames _names = TimelineNames.None;
    private ElementReference _page;
    private Playhead _head = null!;
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

    private string[] Parts => _run.Events is null ? [ConversationPart, "steps", "lanes"] : [ConversationPart, "steps", "lanes", "events"];

    /// <summary>Detaches. The run goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _head.Dispose();
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
        if (Source is null && await Neighbors.FindAsync(User.Id, RunId, Math.Sign(by), _stop.Token) is { } run)
        {
            navigation.NavigateTo("/runs/" + run);
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _names = new TimelineNames(Titles.All) { ShowsCosts = User.SeesCosts, IsAdmin = User.IsAdmin };
        _script = new ScriptModule(js, "./Components/RunScreen/RunPage.razor.js");
        _run = Source ?? Runs.Create();
        _redrawing = new RenderCoalescer(() => InvokeAsync(TakeState));
        _run.Changed += _redrawing.Request;
        _head = new Playhead(navigation, time, StateHasChanged);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_opened != RunId)
        {
            _opened = RunId;
            _head.Rewind();
            _head.TakeAddress(Place);
            await ReopenAsync();
        }

        _head.TakeAddress(Place);
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
        _head.Forget();
        _author = null;
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
        _watch = _run.State;
        _head.Take(step);
        StateHasChanged();
    });

    // Names first: an item is drawn once.
    private async Task LearnNamesAsync(TimelineState state)
    {
        // Who is in a file is nobody here, whatever their id.
        if (Source is null)
        {
            await TimelineActors.LearnAsync(state, _names, People);
        }

        _author ??= state.Items.OfType<UserMessageItem>().FirstOrDefault()?.Actor is { } author ? _names.Of(author) : null;
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
