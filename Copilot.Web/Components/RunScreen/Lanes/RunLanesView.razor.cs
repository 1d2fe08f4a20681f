using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Timeline.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Copilot.Web.Components.RunScreen.Lanes;

/// <summary>The lanes of a run: tells the script what to draw, and the page where the reader wants to go.</summary>
public sealed partial class RunLanesView(IJSRuntime js, TimeProvider time)
{
    private readonly string _keysId = $"lanes-{Guid.NewGuid():n}";
    private ElementReference _root;
    private ScriptModule _script = null!;
    private LaneDrawing _drawing = null!;
    private RunLanes _lanes = RunLanes.Empty;
    private TimelineState? _read;
    private TimelineState? _drawn;
    private bool _drawnLive;
    private TimeSpan _all;
    private DateTimeOffset? _drawnPlayhead;
    private string? _opened;
    private bool _showsTable;

    /// <summary>The run, up to its newest event.</summary>
    [Parameter, EditorRequired]
    public required TimelineState State { get; set; }

    /// <summary>When its events came.</summary>
    [Parameter, EditorRequired]
    public required EventDensity Density { get; set; }

    /// <summary>Whether it goes on.</summary>
    [Parameter]
    public bool IsLive { get; set; }

    /// <summary>What people and tools are called.</summary>
    [Parameter, EditorRequired]
    public required TimelineNames Names { get; set; }

    /// <summary>Whether connections are shown.</summary>
    [Parameter]
    public bool IsTechnical { get; set; }

    /// <summary>The moment of the playhead; null for the newest.</summary>
    [Parameter]
    public DateTimeOffset? Playhead { get; set; }

    /// <summary>Called with the moment that the playhead is drawn to, and whether the reader has let go of it.</summary>
    [Parameter]
    public Func<DateTimeOffset, bool, Task> OnSeek { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called with the event that the reader wants to see.</summary>
    [Parameter]
    public EventCallback<long> OnGo { get; set; }

    // Colours that are in the picture.
    private IEnumerable<LanePhase> Phases => _lanes.Bars
        .Where(bar => IsTechnical || bar.Lane is not Lane.Transport)
        .SelectMany(bar => bar.Segments.Select(part => part.Phase))
        .Distinct()
        .Order();

    // How long it waits now is not said: that grows while nothing is sent.
    private string? IdleWords => _lanes.IdleSince is not null ? LaneText.FoldIdle
        : _lanes.Idle.IsEmpty ? null
        : LaneText.Idle(_lanes.Idle.Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Length), _all);

    /// <summary>Called by the script: the playhead was moved to this many milliseconds from the run's beginning.</summary>
    [JSInvokable]
    public Task Seek(double at, bool isDone) => _lanes.Origin is { } origin && double.IsFinite(at)
        ? OnSeek(origin + TimeSpan.FromMilliseconds(Math.Clamp(at, 0, TimeSpan.MaxValue.TotalMilliseconds / 4)), isDone)
        : Task.CompletedTask;

    /// <summary>Called by the script: a bar was chosen.</summary>
    [JSInvokable]
    public void OpenBar(string id)
    {
        _opened = id;
        StateHasChanged();
    }

    /// <summary>Stops drawing.</summary>
    public ValueTask DisposeAsync() => _script.DisposeAsync();

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _script = new ScriptModule(js, "./Components/RunScreen/Lanes/RunLanesView.razor.js");
        _drawing = new LaneDrawing(Names, IsTechnical);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_read, State))
        {
            _read = State;
            _lanes = RunLanes.Of(State);
            _all = (_lanes.End ?? time.GetUtcNow()) - (_lanes.Origin ?? time.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _script.MountAsync(_root, _script.ReferenceTo(this), new
            {
                lanes = Enum.GetValues<Lane>().Where(lane => IsTechnical || lane is not Lane.Transport).Select(LaneText.Of),
                phases = Enum.GetValues<LanePhase>().Select(LaneText.Of),
                outcomes = Enum.GetValues<LaneOutcome>().Select(LaneText.Of),
                empty = LaneText.Empty,
            });
        }

        if (!_script.IsMounted)
        {
            return;
        }

        if (!ReferenceEquals(_drawn, State) || _drawnLive != IsLive)
        {
            (_drawn, _drawnLive) = (State, IsLive);
            await _script.InvokeMountedAsync("update", _drawing.Next(_lanes, Density, time.GetUtcNow(), IsLive));
        }

        if (_drawnPlayhead != Playhead)
        {
            _drawnPlayhead = Playhead;
            await _script.InvokeMountedAsync("playhead", Playhead is { } at && _lanes.Origin is { } origin ? (at - origin).TotalMilliseconds : (double?)null);
        }
    }

    private async Task CloseAsync()
    {
        _opened = null;
        await _script.InvokeMountedAsync("focus");
    }
}
