using System.Collections.Immutable;
using Copilot.Domain.Supervision;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Live;
using Copilot.Web.Supervision;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;

namespace Copilot.Web.Components.Live;

/// <summary>The live wall: every run that a supervisor may see, pushed.</summary>
public sealed partial class LivePage(NavigationManager navigation, TimeProvider time, IJSRuntime script) : IAsyncDisposable
{
    /// <summary>With more rows than these only those in sight are drawn.</summary>
    private const int DrawnAtMost = 100;

    private static readonly TimeSpan s_clockAge = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private ElementReference _root;
    private ScriptModule? _script;
    private DotNetObjectReference<LivePage>? _self;
    private RenderCoalescer? _redrawing;
    private TimelineNames _names = TimelineNames.None;
    private LiveWallState _state = LiveWallState.Loading;
    private List<LiveLine> _lines = [];
    private int _rowCount;
    private LiveFilter _filter = LiveFilter.All;
    private ImmutableHashSet<string> _pins = [];
    private DateTimeOffset _now;
    private string? _peeked;
    private bool _isWallboard;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    [Inject]
    internal LiveWalls Walls { get; set; } = null!;

    [Inject]
    internal ToolTitles Tools { get; set; } = null!;

    [Inject]
    internal IOptions<SupervisionOptions> Options { get; set; } = null!;

    private LiveWall Wall { get; set; } = null!;

    /// <summary>The pointer or the focus is on the list, or has left it.</summary>
    [JSInvokable]
    public void Hold(bool isHeld) => Wall.Hold(isHeld);

    /// <summary>Pins a run for the viewer, or takes the pin off.</summary>
    [JSInvokable]
    public async Task Pin(string runId)
    {
        var without = _pins.Remove(runId);
        _pins = without == _pins ? _pins.Add(runId) : without;
        Wall.Pin(_pins);
        if (_script is not null)
        {
            await _script.InvokeMountedAsync("savePins", [_pins.ToArray()]);
        }
    }

    /// <summary>Shows a run beside the list, or nothing if it is shown.</summary>
    [JSInvokable]
    public void Peek(string runId)
    {
        _peeked = _peeked == runId ? null : runId;
        StateHasChanged();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        navigation.LocationChanged -= Moved;
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }

        if (_redrawing is not null)
        {
            Wall.Changed -= _redrawing.Request;
            await Wall.DisposeAsync();
            await _redrawing.DisposeAsync();
        }

        _self?.Dispose();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _names = new TimelineNames(Tools.All);
        Wall = Walls.Create();
        _redrawing = new RenderCoalescer(() => InvokeAsync(TakeState));
        Wall.Changed += _redrawing.Request;
        navigation.LocationChanged += Moved;
        ReadAddress();
        await Wall.OpenAsync(User.Id, _stop.Token);
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _self = DotNetObjectReference.Create(this);
        _script = new ScriptModule(script, "./Components/Live/LivePage.razor.js");
        if (await _script.MountAsync(_root, _self, User.Id))
        {
            _pins = [.. await _script.InvokeAsync<string[]>("pins", User.Id) ?? []];
            Wall.Pin(_pins);
        }
    }

    private void TakeState()
    {
        _state = Wall.State;
        _lines = LiveLine.Of(_state);
        _rowCount = _lines.Count(line => line.Row is not null);
        var now = time.GetUtcNow();
        if (now - _now > s_clockAge)
        {
            // The browser counts on from here with a clock of its own.
            _now = now;
        }

        StateHasChanged();
    }

    private void Moved(object? sender, LocationChangedEventArgs args)
    {
        if (new Uri(args.Location).AbsolutePath.Equals("/live", StringComparison.OrdinalIgnoreCase))
        {
            ReadAddress();
            StateHasChanged();
        }
    }

    private void ReadAddress()
    {
        var query = new Uri(navigation.Uri).Query;
        _filter = LiveFilter.Parse(query);
        _isWallboard = QueryHelpers.ParseQuery(query).TryGetValue("view", out var view) && view == "wallboard";
        Wall.Choose(_filter);
    }

    private void Filter(LiveFilter filter) => navigation.NavigateTo("/live" + filter.ToQuery(), replace: true);
}
