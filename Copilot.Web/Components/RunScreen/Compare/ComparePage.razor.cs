using Copilot.Domain.Concurrency;
using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Compare;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Comparing;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.RunScreen.Compare;

/// <summary>Two runs side by side, or two moments of one. Which ones stands in the address.</summary>
public sealed partial class ComparePage : IAsyncDisposable
{
    private readonly StopSource _stop = new();
    private ComparedPair? _pair;
    private TimelineNames _names = TimelineNames.None;
    private CancellationTokenRegistration _revocation;
    private (string?, string?, long?, long?)? _read;
    private int _readings;
    private bool _onlyDifferences;
    private volatile bool _accessEnded;
    private RenderCoalescer _redrawing = null!;

    /// <summary>The first run.</summary>
    [SupplyParameterFromQuery(Name = "a")]
    public string? A { get; set; }

    /// <summary>The second run.</summary>
    [SupplyParameterFromQuery(Name = "b")]
    public string? B { get; set; }

    /// <summary>The moment of the first; null for its newest.</summary>
    [SupplyParameterFromQuery(Name = "aSeq")]
    public string? SeqOfA { get; set; }

    /// <summary>The moment of the second; null for its newest.</summary>
    [SupplyParameterFromQuery(Name = "bSeq")]
    public string? SeqOfB { get; set; }

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    [Inject]
    internal ComparedRuns Compared { get; set; } = null!;

    [Inject]
    internal ToolTitles Titles { get; set; } = null!;

    private IReadOnlyList<StepPair> Shown => _pair?.Comparison?.Steps is not { } steps ? []
        : _onlyDifferences ? [.. steps.Where(step => !step.IsSame)]
        : steps;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _revocation.DisposeAsync();
        await _redrawing.DisposeAsync();
        _pair?.Revoked?.Dispose();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _names = new TimelineNames(Titles.All);
        _redrawing = new RenderCoalescer(() => InvokeAsync(StateHasChanged));
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var asked = (A, B, Moment(SeqOfA), Moment(SeqOfB));
        if (_read != asked)
        {
            _read = asked;
            await ReadAsync();
        }
    }

    private static long? Moment(string? text) => SeqRange.TryParse(text, out var range) ? range?.First : null;

    private async Task ReadAsync()
    {
        await _revocation.DisposeAsync();
        _pair?.Revoked?.Dispose();
        (_pair, _accessEnded) = (null, false);
        StateHasChanged();
        var reading = ++_readings;
        var pair = await Compared.ReadAsync(User, A ?? "", Moment(SeqOfA), B ?? "", Moment(SeqOfB), _stop.Token);
        if (_stop.IsCancellationRequested || reading != _readings)
        {
            // Left, or others were asked for meanwhile.
            pair.Revoked?.Dispose();
            return;
        }

        _pair = pair;
        _revocation = pair.Revoked?.Token.Register(EndAccess) ?? default;
    }

    private void EndAccess()
    {
        _accessEnded = true;
        _redrawing.Request();
    }
}
