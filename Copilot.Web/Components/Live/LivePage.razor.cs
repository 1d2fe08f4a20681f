using System.Collections.Immutable;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Supervision;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Live;
using Copilot.Web.Supervision;
using Copilot.Web.Supervision.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;
using MudBlazor;

namespace Copilot.Web.Components.Live;

/// <summary>The live wall: every run that a supervisor may see, pushed.</summary>
public sealed partial class LivePage(NavigationManager navigation, TimeProvider time, IJSRuntime script) : IAsyncDisposable
{
    /// <summary>With more rows than these only those in sight are drawn.</summary>
    private const int DrawnAtMost = 100;

    private static readonly TimeSpan s_clockAge = TimeSpan.FromMinutes(1);

    /// <summary>A television loads its page anew so often: a sign-in is not forgotten for want of use, and a new release comes by itself.</summary>
    private static readonly TimeSpan s_wallboardLifetime = TimeSpan.FromHours(12);

    private readonly StopSource _stop = new();
    private ElementReference _root;
    private ScriptModule? _script;
    private RenderCoalescer? _redrawing;
    private TimelineNames _names = TimelineNames.None;
    private LiveWallState _state = LiveWallState.Loading;
    private List<LiveLine> _lines = [];
    private int _rowCount;
    private LiveFilter _filter = LiveFilter.All;
    private ImmutableHashSet<string> _pins = [];
    private ImmutableHashSet<string> _muted = [];
    private string _announced = "";
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
    internal IRunPresence Presence { get; set; } = null!;

    [Inject]
    internal RunClaims Claims { get; set; } = null!;

    [Inject]
    internal IDialogService Dialogs { get; set; } = null!;

    [Inject]
    internal Toasts Toasts { get; set; } = null!;

    [Inject]
    internal IOptions<SupervisionOptions> Options { get; set; } = null!;

    private LiveWall Wall { get; set; } = null!;

    /// <summary>Whether an address is that of the wall on a television, where nobody can press anything.</summary>
    internal static bool IsWallboard(string address)
    {
        var uri = new Uri(address);
        return IsOwn(uri) && QueryHelpers.ParseQuery(uri.Query).TryGetValue("view", out var view) && view == "wallboard";
    }

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

    /// <summary>Takes a run into the viewer's care, or gives it back.</summary>
    [JSInvokable]
    public async Task Claim(string runId)
    {
        if (_state.Find(runId) is not { } row)
        {
            return;
        }

        var result = Presence.ClaimOf(runId)?.UserId == User.Id
            ? await Claims.ReleaseAsync(User.Id, runId, _stop.Token)
            : await Claims.ClaimAsync(User.Id, row.Run, _stop.Token);
        if (!result.Accepted)
        {
            Toasts.Warn(result.Problem!);
        }
    }

    /// <summary>Opens the dialog of a verb for a run, where the verb fits it.</summary>
    [JSInvokable]
    public async Task Ask(string verb, string runId)
    {
        if (!Enum.TryParse<RunVerb>(verb, out var asked))
        {
            return;
        }

        if (_state.Find(runId) is { } row && RunVerbOffers.For(row.Run, User).Contains(asked))
        {
            await RunVerbDialogs.OpenByKeyAsync(Dialogs, asked, row.Run, User);
        }
        else
        {
            // A key that does nothing would be pressed again.
            Toasts.Say(LiveText.NotNow(asked));
        }
    }

    /// <summary>Renews the order of the rows.</summary>
    [JSInvokable]
    public void Arrange() => Wall.Arrange();

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
        await Wall.OpenAsync(User, _stop.Token);
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _script = new ScriptModule(script, "./Components/Live/LivePage.razor.js");
        if (await _script.MountAsync(_root, _script.ReferenceTo(this), User.Id))
        {
            _pins = [.. await _script.InvokeAsync<string[]>("pins", User.Id) ?? []];
            _muted = [.. await _script.InvokeAsync<string[]>("muted", User.Id) ?? []];
            Wall.Pin(_pins);
            StateHasChanged();
        }
    }

    private void TakeState()
    {
        Announce(_state, Wall.State);
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

    // Only what is new: the runs that needed somebody before the page was opened are on the page.
    private void Announce(LiveWallState before, LiveWallState now)
    {
        if (before.Phase is not LivePhase.Open || now.Phase is not LivePhase.Open)
        {
            return;
        }

        var known = before.Visible.Where(row => row.Assessment.Group is AttentionGroup.NeedsPerson).Select(row => row.RunId).ToHashSet();
        LiveRow[] added = [.. now.Visible.Where(row =>
            row.Assessment.Group is AttentionGroup.NeedsPerson && !known.Contains(row.RunId) && !_muted.Contains(row.Assessment.Signs[0].Kind.ToWire()))];
        if (added.Length > 0)
        {
            // The same words again are a change only if they differ.
            var words = string.Join(". ", added.Select(row => LiveText.NeedsPerson(row, _names)));
            _announced = words == _announced ? words + "." : words;
        }
    }

    private async Task TurnAsync(SignKind kind)
    {
        var without = _muted.Remove(kind.ToWire());
        _muted = without == _muted ? _muted.Add(kind.ToWire()) : without;
        if (_script is not null)
        {
            await _script.InvokeMountedAsync("saveMuted", [_muted.ToArray()]);
        }
    }

    private void Moved(object? sender, LocationChangedEventArgs args)
    {
        if (IsOwn(new Uri(args.Location)))
        {
            ReadAddress();
            StateHasChanged();
        }
    }

    private void ReadAddress()
    {
        var query = new Uri(navigation.Uri).Query;
        _filter = LiveFilter.Parse(query);
        _isWallboard = IsWallboard(navigation.Uri);
        Wall.Choose(_filter);
    }

    private static bool IsOwn(Uri address) => address.AbsolutePath.TrimEnd('/').Equals("/live", StringComparison.OrdinalIgnoreCase);

    private void Filter(LiveFilter filter) => navigation.NavigateTo("/live" + filter.ToQuery(), replace: true);
}
