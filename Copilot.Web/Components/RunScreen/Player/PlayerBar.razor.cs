using System.Globalization;
using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Stops;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Copilot.Web.Components.RunScreen.Player;

/// <summary>
/// The player of a run: its keys and buttons. It reports to the page where the script has moved the playhead along its
/// <see cref="PlayerTrack"/>. What is between two frames of the script is one move.
/// </summary>
public sealed partial class PlayerBar(IJSRuntime js, TimeProvider time)
{
    // A run that goes on while it is replayed has its clock made anew this often.
    private static readonly TimeSpan s_renewEvery = TimeSpan.FromSeconds(1);

    private ElementReference _root;
    private ScriptModule _script = null!;
    private PlayerChoice _choice = PlayerChoice.Default;
    private PlayerTrack _track = null!;
    private long _readAt;
    private PlaybackClock? _loaded;
    private DateTimeOffset? _told;
    private bool _isMounting;
    private bool _isReady;
    private bool _hasBegun;
    private IReadOnlyList<CommentThread>? _marked;

    /// <summary>The run, up to its newest event.</summary>
    [Parameter, EditorRequired]
    public required TimelineState State { get; set; }

    /// <summary>The run at the playhead.</summary>
    [Parameter, EditorRequired]
    public required TimelineState Shown { get; set; }

    /// <summary>When its events came.</summary>
    [Parameter, EditorRequired]
    public required EventTimes Times { get; set; }

    /// <summary>Whether the run is live.</summary>
    [Parameter]
    public bool IsLive { get; set; }

    /// <summary>The moment of the playhead; null for the newest.</summary>
    [Parameter]
    public DateTimeOffset? At { get; set; }

    /// <summary>Seq of the playhead; null for the newest.</summary>
    [Parameter]
    public long? Seq { get; set; }

    /// <summary>The events that are measured; null for none.</summary>
    [Parameter]
    public SeqRange? Stretch { get; set; }

    /// <summary>What people and tools are called.</summary>
    [Parameter, EditorRequired]
    public required TimelineNames Names { get; set; }

    /// <summary>What people have said about the run.</summary>
    [Parameter]
    public IReadOnlyList<CommentThread> Comments { get; set; } = [];

    /// <summary>Whether it plays at once, from the run's beginning.</summary>
    [Parameter]
    public bool Begins { get; set; }

    /// <summary>Called once it does.</summary>
    [Parameter]
    public EventCallback OnBegun { get; set; }

    /// <summary>Whether the conversation has other runs to continue with.</summary>
    [Parameter]
    public bool CanPlayOn { get; set; }

    /// <summary>Continues with the next run of the conversation. False when there is none.</summary>
    [Parameter]
    public Func<Task<bool>> OnPlayOn { get; set; } = () => Task.FromResult(false);

    /// <summary>Whose zone and choices it uses.</summary>
    [Parameter, EditorRequired]
    public required UserInfo User { get; set; }

    /// <summary>Called with the moment that the playhead has come to, and whether it stays there. Returns the event that is shown.</summary>
    [Parameter]
    public Func<DateTimeOffset, bool, Task<long?>> OnMove { get; set; } = (_, _) => Task.FromResult<long?>(null);

    /// <summary>Called with the event that the reader wants to see; null for the newest.</summary>
    [Parameter]
    public Func<long?, Task> OnGo { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called with the events that the reader wants to have measured.</summary>
    [Parameter]
    public Func<SeqRange, Task> OnMeasure { get; set; } = _ => Task.CompletedTask;

    private PlaybackClock Clock => _track.Clock;

    private DateTimeOffset Here => At is { } at && at < Clock.Origin + Clock.RunLength ? at : Clock.Origin + Clock.RunLength;

    private double? Milliseconds => At is null ? null : (Here - Clock.Origin).TotalMilliseconds;

    private long Place => Seq is { } seq && seq < State.HeadSeq ? seq : State.HeadSeq;

    private string ValueText => PlayerText.Place(Here, User.TimeZone, TimelineSteps.Of(Shown).Steps, Doing(Shown.Activity));

    /// <summary>Called by the script: the playhead has come to this many milliseconds from the run's beginning.</summary>
    [JSInvokable]
    public async Task<long?> Move(double at, bool isFinal)
    {
        if (!double.IsFinite(at) || Times.Count == 0)
        {
            return Seq;
        }

        var moment = Clock.Origin + TimeSpan.FromMilliseconds(Math.Clamp(at, 0, Clock.RunLength.TotalMilliseconds));
        _told = moment;
        return await OnMove(moment, isFinal);
    }

    /// <summary>Called by the script: everything was played. True when more has come meanwhile, and it goes on.</summary>
    [JSInvokable]
    public async Task<bool> ReachEnd()
    {
        if (IsLive && Times.Count > _track.Times.Count)
        {
            Read();
            await LoadAsync();
            StateHasChanged();
            return true;
        }

        if (IsLive || !_choice.PlaysOn || !await OnPlayOn())
        {
            await OnGo(null);
        }

        return false;
    }

    /// <summary>Called by the script: the reader wants the next or the last place of a kind.</summary>
    [JSInvokable]
    public Task Step(string kind, bool forward) =>
        Enum.TryParse<StopKind>(kind, ignoreCase: true, out var stop) && Enum.IsDefined(stop) ? StepAsync(stop, forward) : Task.CompletedTask;

    /// <summary>Called by the script: what this person chose the last time. Nothing of it is trusted.</summary>
    [JSInvokable]
    public Task Prefer(double speed, int? fit, bool skipsIdle, bool playsOn) => SetAsync(PlayerChoice.Remembered(speed, fit, skipsIdle, playsOn));

    /// <summary>Called by the script: a slower speed is wanted, or a faster one.</summary>
    [JSInvokable]
    public Task ChangeSpeed(int by) => ChooseAsync(_choice.Beside(Clock.Speed, by));

    /// <summary>Called by the script: a stretch was drawn, in milliseconds from the run's beginning.</summary>
    [JSInvokable]
    public Task Measure(double from, double to)
    {
        if (!double.IsFinite(from) || !double.IsFinite(to) || Times.Count == 0)
        {
            return Task.CompletedTask;
        }

        var (first, last) = (SeqAt(Math.Min(from, to)), SeqAt(Math.Max(from, to)));
        return OnMeasure(new SeqRange(first, last));

        long SeqAt(double at) => Math.Max(1, Times.SeqAt(Clock.Origin + TimeSpan.FromMilliseconds(Math.Clamp(at, 0, Clock.RunLength.TotalMilliseconds))));
    }

    /// <summary>Stops playing.</summary>
    public ValueTask DisposeAsync() => _script.DisposeAsync();

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _script = new ScriptModule(js, "./Components/RunScreen/Player/PlayerBar.razor.js");
        _track = new PlayerTrack(Names);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_track.State, State) && (_track.Times.Count == 0 || !IsLive || time.GetElapsedTime(_readAt) >= s_renewEvery))
        {
            Read();
        }

        if (!ReferenceEquals(_marked, Comments))
        {
            _marked = Comments;
            _track.Mark(Comments);
        }

        _track.Measure(Stretch);
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_isMounting && Times.Count > 0)
        {
            // Before that there is nothing to play.
            _isMounting = true;
            (_loaded, _told) = (Clock, At);
            await _script.MountAsync(_root, _script.ReferenceTo(this), new { play = PlayerText.Play, pause = PlayerText.Pause }, User.Id, _track.Segments, Milliseconds);
        }

        if (!_script.IsMounted)
        {
            return;
        }

        await LoadAsync();

        // What the script has said itself is no news to it.
        if (_told != At)
        {
            _told = At;
            await _script.InvokeMountedAsync("place", Milliseconds);
        }

        if (Begins && !_hasBegun)
        {
            _hasBegun = true;
            await _script.InvokeMountedAsync("begin");
            await OnBegun.InvokeAsync();
        }

        if (!_isReady)
        {
            // A press before the script is there would be lost.
            _isReady = true;
            StateHasChanged();
        }
    }

    private static string Whole(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private string Doing(TimelineActivity activity) => activity.Kind is ActivityKind.Tool
        ? PlayerText.Tool(Names.Subject(null, activity.Subject))
        : activity.Kind is ActivityKind.Settled ? RunScreenText.Status(Shown.Status) : TimelineText.Doing(activity, Names);

    private Task StepAsync(StopKind kind, bool forward) => _track.Stops.From(kind, Place, forward) is { } seq ? OnGo(seq) : Task.CompletedTask;

    private void Read()
    {
        _readAt = time.GetTimestamp();
        _track.Read(State, Times, _choice.Settings);
    }

    private Task PlayAsync(RunStretch stretch) =>
        _script.InvokeMountedAsync("playFromTo", (stretch.From - Clock.Origin).TotalMilliseconds, (stretch.To - Clock.Origin).TotalMilliseconds);

    private async Task LoadAsync()
    {
        if (ReferenceEquals(_loaded, Clock) || !_script.IsMounted)
        {
            return;
        }

        _loaded = Clock;
        await _script.InvokeMountedAsync("load", _track.Segments);
    }

    private async Task SetAsync(PlayerChoice choice)
    {
        if (_choice == choice)
        {
            return;
        }

        var isClockOther = _choice.Settings != choice.Settings;
        _choice = choice;
        if (isClockOther)
        {
            _track.Apply(choice.Settings);
        }

        StateHasChanged();
        await LoadAsync();
    }

    private async Task ChooseAsync(PlayerChoice choice)
    {
        await SetAsync(choice);
        await _script.InvokeMountedAsync("remember", choice.Settings.Speed, (int?)choice.Settings.Fit?.TotalSeconds, choice.Settings.SkipsIdle, choice.PlaysOn);
    }
}
