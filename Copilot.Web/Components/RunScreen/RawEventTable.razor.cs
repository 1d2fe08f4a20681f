using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.RunScreen;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;

namespace Copilot.Web.Components.RunScreen;

/// <summary>The table of a run's raw events: reads the rows in sight, follows the run, and opens the event that the address names.</summary>
public sealed partial class RawEventTable(NavigationManager navigation, IJSRuntime js, TimeProvider time)
{
    /// <summary>Height of a row in pixels, as the style sheet has it.</summary>
    internal const int RowHeight = 28;

    private const int MostChoices = 400;

    // A run that streams changes the table often enough to be followed, and no more.
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(250);

    private readonly StopSource _stop = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<long, Func<Task>> _choices = [];
    private ScriptModule _script = null!;
    private readonly RawEventElements _elements = new();
    private RenderCoalescer _refreshing = null!;
    private RenderCoalescer _following = null!;
    private Virtualize<RawEventRow>? _rows;
    private ElementReference _scroller;
    private RawEvents? _read;
    private HeldEvents _held = null!;
    private RawEventMatches _matches = new(RawEventFilter.None, first: 1);
    private RawEventDetails? _details;
    private long _drawnHead;
    private long? _drawnSelected;
    private string _text = "";
    private EventSource? _source;
    private bool _newestFirst;
    private bool _hasFailed;
    private bool _show;
    private long? _drawnPlayhead;
    private int _rowsInSight;

    /// <summary>The events.</summary>
    [Parameter, EditorRequired]
    public required RawEvents Events { get; set; }

    /// <summary>Seq of the newest event.</summary>
    [Parameter, EditorRequired]
    public required long Head { get; set; }

    /// <summary>Seq of the event that is open; null for none.</summary>
    [Parameter]
    public long? Selected { get; set; }

    /// <summary>Asks for another event, or for none.</summary>
    [Parameter]
    public EventCallback<long?> OnSelect { get; set; }

    /// <summary>Seq of the playhead: what comes after it is dimmed; null for the newest.</summary>
    [Parameter]
    public long? Playhead { get; set; }

    /// <summary>The viewer's zone.</summary>
    [Parameter, EditorRequired]
    public required TimeZoneInfo Zone { get; set; }

    private NavigationManager Navigation => navigation;

    /// <summary>Stops reading.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _refreshing.DisposeAsync();
        await _following.DisposeAsync();
        await _script.DisposeAsync();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _script = new ScriptModule(js, "./Components/RunScreen/RawEventTable.razor.js");
        _refreshing = new RenderCoalescer(() => PacedAsync(RefreshAsync));
        _following = new RenderCoalescer(() => PacedAsync(FollowPlayheadAsync));
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (!ReferenceEquals(_read, Events))
        {
            _read = Events;
            _held = new HeldEvents(Events);
            (_matches, _drawnHead, _drawnSelected, _details) = (Events.Find(_matches.Filter), 0, null, null);
        }

        if (_drawnHead != Head)
        {
            _drawnHead = Head;
            _refreshing.Request();
        }

        if (_drawnSelected != Selected)
        {
            _drawnSelected = Selected;
            await OpenAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _script.MountAsync(_scroller);
        }

        if (_drawnPlayhead != Playhead && _script.IsMounted && (Playhead is null || _matches.Count > 0))
        {
            _drawnPlayhead = Playhead;
            await _script.InvokeMountedAsync("playhead", Playhead);
            _following.Request();
        }

        if (_show && _script.IsMounted && Selected is { } seq && _matches.Count > 0)
        {
            _show = false;
            await _script.InvokeMountedAsync("show", PlaceOf(seq) * RowHeight, RowHeight);
        }
    }

    private string Link(long seq) => navigation.GetUriWithQueryParameter("seq", seq);

    // A row keeps its handler: with a new one at every drawing, all rows in sight would be sent again.
    private Func<Task> Choice(long seq)
    {
        if (!_choices.TryGetValue(seq, out var choice))
        {
            if (_choices.Count > MostChoices)
            {
                _choices.Clear();
            }

            _choices[seq] = choice = () => OnSelect.InvokeAsync(seq);
        }

        return choice;
    }

    // Which row from the top shows the event, or would show it.
    private int PlaceOf(long seq) => _newestFirst ? _matches.Count - 1 - _matches.RowOf(seq) : _matches.RowOf(seq);

    private long SeqAt(int place) => _matches.SeqAt(_newestFirst ? _matches.Count - 1 - place : place);

    private async Task PacedAsync(Func<Task> work)
    {
        try
        {
            await InvokeAsync(work);
            await Task.Delay(s_pace, time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was left, or its permission was taken.
            return;
        }
    }

    // The rows around the playhead are read before the table goes there: it then draws them at once, in the elements that it has.
    private async Task FollowPlayheadAsync()
    {
        if (Playhead is not { } seq || _matches.Count == 0)
        {
            return;
        }

        var place = PlaceOf(seq);
        var first = Math.Max(0, place - _rowsInSight);
        try
        {
            await _held.ReadAsync([.. Enumerable.Range(first, Math.Min(_matches.Count, place + _rowsInSight + 1) - first).Select(SeqAt)], _stop.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Storage is out of reach: what is drawn says so.
            _hasFailed = true;
        }

        await _script.InvokeMountedAsync("follow", place * RowHeight, RowHeight);
    }

    private async Task RefreshAsync()
    {
        await _turn.WaitAsync(_stop.Token);
        try
        {
            await Events.SearchAsync(_matches, Head, _stop.Token);
            _hasFailed = false;
            if (_rows is not null)
            {
                await _rows.RefreshDataAsync();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Storage is out of reach; the next change tries again.
            _hasFailed = true;
        }
        finally
        {
            _turn.Release();
        }

        StateHasChanged();
    }

    private async ValueTask<ItemsProviderResult<RawEventRow>> LoadAsync(ItemsProviderRequest request)
    {
        _rowsInSight = request.Count;
        var count = _matches.Count;
        var seqs = Enumerable.Range(request.StartIndex, Math.Clamp(count - request.StartIndex, 0, request.Count)).Select(SeqAt).ToList();
        IReadOnlyList<RawEvent> events;
        try
        {
            events = await _held.ReadAsync(seqs, request.CancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _hasFailed = true;
            events = _held.Known(seqs);
        }

        return new ItemsProviderResult<RawEventRow>(_elements.Assign(events), count);
    }

    private async Task OpenAsync()
    {
        try
        {
            _details = Selected is { } seq and > 0 ? await Events.FindAsync(seq, _stop.Token) : null;
            _show = _details is not null;
        }
        catch (OperationCanceledException)
        {
            // The page was left, or its permission was taken.
            _details = null;
        }
    }

    private Task FilterTextAsync(ChangeEventArgs change) => FilterAsync(change.Value as string ?? "", _source);

    private Task FilterSourceAsync(ChangeEventArgs change) =>
        FilterAsync(_text, Enum.TryParse<EventSource>(change.Value as string, out var source) ? source : null);

    private Task FilterAsync(string text, EventSource? source)
    {
        (_text, _source) = (text, source);
        _matches = Events.Find(new RawEventFilter(text.Trim(), source));
        return RefreshAsync();
    }

    private async Task TurnAsync(ChangeEventArgs change)
    {
        _newestFirst = change.Value is true;
        await _script.InvokeMountedAsync("turn", _newestFirst);
        await RefreshAsync();
    }
}
