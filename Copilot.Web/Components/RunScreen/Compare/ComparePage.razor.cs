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
    private ComparedPair? _pair;
    private TimelineNames _names = TimelineNames.None;
    private CancellationTokenRegistration _revocation;
    private (string?, string?, long?, long?)? _read;
    private StopSource _reading = new();
    private ComparedTexts? _texts;
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

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    private IReadOnlyList<(int Place, StepPair Pair)> Shown =>
        [.. (_pair?.Comparison?.Steps ?? []).Index().Where(step => !_onlyDifferences || !step.Item.IsSame)];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _reading.CancelAsync();
        await _revocation.DisposeAsync();
        await _redrawing.DisposeAsync();
        _pair?.Revoked?.Dispose();
        _reading.Dispose();
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
        // Nobody waits for those that were asked for before.
        _reading.Dispose();
        var reading = _reading = new StopSource();
        await _revocation.DisposeAsync();
        _pair?.Revoked?.Dispose();
        (_pair, _texts, _accessEnded) = (null, null, false);
        StateHasChanged();
        try
        {
            await CompareAsync(reading);
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // Left, or others were asked for meanwhile, or they may not be seen any more.
            return;
        }
    }

    private async Task CompareAsync(StopSource reading)
    {
        var pair = await Compared.ReadAsync(User, A ?? "", Moment(SeqOfA), B ?? "", Moment(SeqOfB), reading.Token);
        if (reading.IsCancellationRequested)
        {
            pair.Revoked?.Dispose();
            return;
        }

        _pair = pair;
        if (pair.Comparison is { } comparison)
        {
            _texts = new ComparedTexts(comparison.Steps);
        }

        _revocation = pair.Revoked?.Token.Register(EndAccess) ?? default;
        if (_texts is { } texts)
        {
            StateHasChanged();
            await Task.Run(() => texts.Compare(DiffWork.OfAPage(), Time, _redrawing.Request, reading.Token), reading.Token);
        }
    }

    private void EndAccess()
    {
        _accessEnded = true;
        _reading.Cancel();
        _redrawing.Request();
    }
}
