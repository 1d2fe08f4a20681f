using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.RunScreen;
using Copilot.Web.Sessions.Timelines;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.RunScreen;

/// <summary>The screen of one run, live or ended: wiring between the address, a <see cref="WatchedRun"/> and the parts of the screen.</summary>
public sealed partial class RunPage(NavigationManager navigation) : IAsyncDisposable
{
    private const string ConversationPart = "conversation";
    private const string EventsPart = "events";

    private readonly CancellationTokenSource _stop = new();
    private WatchedRun _run = null!;
    private RenderCoalescer _redrawing = null!;
    private WatchedRunState _watch = WatchedRunState.Loading;
    private TimelineStep _step = new(TimelineState.Empty, 0, HasEnded: false);
    private TimelineNames _names = TimelineNames.None;
    private ElementReference _page;
    private TimelineState? _clipped;
    private DateTimeOffset? _playheadAt;
    private string? _opened;
    private string? _author;

    /// <summary>The run in the address.</summary>
    [Parameter]
    public string RunId { get; set; } = "";

    /// <summary>Seq of the event that the screen shows the run at; null for its newest.</summary>
    [SupplyParameterFromQuery(Name = "seq")]
    public long? Seq { get; set; }

    /// <summary>The part that is shown where there is room for one only.</summary>
    [SupplyParameterFromQuery(Name = "part")]
    public string? Part { get; set; }

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    [Inject]
    internal WatchedRuns Runs { get; set; } = null!;

    [Inject]
    internal PersonNames People { get; set; } = null!;

    [Inject]
    internal ToolTitles Titles { get; set; } = null!;

    private TimelineState Shown => _clipped ?? _step.State;

    private string Open => Parts.Contains(Part) ? Part! : ConversationPart;

    private IEnumerable<string> Parts => _run.Events is null ? [ConversationPart] : [ConversationPart, EventsPart];

    /// <summary>Detaches. The run goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _run.Changed -= _redrawing.Request;
        await _run.DisposeAsync();
        await _redrawing.DisposeAsync();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _names = new TimelineNames(Titles.All) { ShowsCosts = User.SeesCosts, IsAdmin = User.IsAdmin };
        _run = Runs.Create();
        _redrawing = new RenderCoalescer(() => InvokeAsync(TakeState));
        _run.Changed += _redrawing.Request;
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_opened != RunId)
        {
            _opened = RunId;
            await ReopenAsync();
        }

        Clip();
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
        _step = step;
        Clip();
        StateHasChanged();
    });

    // The state at a playhead stays the same while the run goes on.
    private void Clip()
    {
        if (Seq is not { } seq || seq <= 0 || seq >= _step.State.HeadSeq)
        {
            (_clipped, _playheadAt) = (null, null);
        }
        else if (_clipped?.HeadSeq != seq)
        {
            _clipped = TimelineClip.At(_step.State, seq);
        }
    }

    // Names first: an item is drawn once.
    private async Task LearnNamesAsync(TimelineState state)
    {
        foreach (var actor in state.Items.Select(TimelineActors.Of).OfType<EventActor>().Where(_names.IsUnknown).Distinct())
        {
            _names.Know(actor, await People.FindAsync(actor.Id, CancellationToken.None));
        }

        _author ??= state.Items.OfType<UserMessageItem>().FirstOrDefault()?.Actor is { } author ? _names.Of(author) : null;
    }

    private Task SelectAsync(long? seq)
    {
        navigation.NavigateTo(navigation.GetUriWithQueryParameter("seq", seq), replace: true);
        return Task.CompletedTask;
    }

    private void Choose(string part) =>
        navigation.NavigateTo(navigation.GetUriWithQueryParameter("part", part == ConversationPart ? null : part), replace: true);
}
