using Copilot.Domain.Concurrency;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.RunScreen;
using Copilot.Web.Sessions.Timelines;
using Copilot.Web.Supervision;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Live;

/// <summary>The panel beside the wall. Follows the run it shows with the viewer's own permission.</summary>
public sealed partial class LivePeek : ComponentBase, IAsyncDisposable
{
    private const int MaxLines = 600;
    private const int MaxArguments = 2_000;

    private readonly StopSource _stop = new();
    private WatchedRun _run = null!;
    private RenderCoalescer _redrawing = null!;
    private WatchedRunState _watch = WatchedRunState.Loading;
    private TimelineState _state = TimelineState.Empty;
    private IReadOnlyList<ToolCallItem> _calls = [];
    private string _lines = "";
    private string? _opened;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public required LiveRow Row { get; set; }

    /// <summary>What tools are called.</summary>
    [Parameter, EditorRequired]
    public required TimelineNames Names { get; set; }

    /// <summary>Somebody wants to see it no longer.</summary>
    [Parameter]
    public EventCallback OnClose { get; set; }

    /// <summary>Somebody takes it into their care, or gives it back.</summary>
    [Parameter]
    public EventCallback OnClaim { get; set; }

    /// <summary>What else can be done about it.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    [Inject]
    internal WatchedRuns Runs { get; set; } = null!;

    [Inject]
    internal PersonNames People { get; set; } = null!;

    /// <inheritdoc/>
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
        _run = Runs.Create();
        _redrawing = new RenderCoalescer(() => InvokeAsync(() =>
        {
            _watch = _run.State;
            StateHasChanged();
        }));
        _run.Changed += _redrawing.Request;
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_opened != Row.RunId)
        {
            _opened = Row.RunId;
            (_state, _calls, _lines) = (TimelineState.Empty, [], "");
            await _run.OpenAsync(User, Row.RunId, step => InvokeAsync(() => DrawAsync(step)), _stop.Token);
        }
    }

    private static string Shorten(string text) => text.Length <= MaxArguments ? text : text[..MaxArguments] + "…";

    // Names first: an item is drawn once.
    private async Task DrawAsync(TimelineStep step)
    {
        await TimelineActors.LearnAsync(step.State, Names, People);
        _state = step.State;
        _calls = [.. _state.Items.OfType<ToolCallItem>().Where(call => call.IsOpen)];
        var newest = _state.Items.FindLast(item => item is AnswerItem { Superseded: null }) as AnswerItem;
        _lines = newest is null ? "" : Tail(newest);
        StateHasChanged();
    }

    private static string Tail(AnswerItem answer)
    {
        var start = Math.Max(0, answer.Text.Length - MaxLines);
        var text = answer.Text[start..];

        // Never the second half of a character.
        return text.Length > 0 && char.IsLowSurrogate(text[0]) ? text[1..] : text;
    }
}
