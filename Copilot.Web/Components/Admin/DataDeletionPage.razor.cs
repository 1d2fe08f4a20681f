using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using MudBlazor;

namespace Copilot.Web.Components.Admin;

/// <summary>What was deleted, what is being deleted, and the deletion records. Follows the work while it is open.</summary>
public sealed partial class DataDeletionPage(
    IOptions<RetentionOptions> options, TimeProvider time, ILogger<DataDeletionPage> logger) : WatchingPage(time, logger)
{
    private const int PageSize = 50;

    private readonly Dictionary<string, ErasureRecord> _evidence = [];
    private readonly ById _byId = new();
    private MudDataGrid<ErasureRequest>? _grid;
    private IReadOnlyList<ErasureRequest>? _entries;
    private int _shown = PageSize;
    private bool _hasMore;
    private bool _denied;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    private string Rule => options.Value.Days is { } days
        ? ErasureText.Retention(days)
        : ErasureText.NoRetention;

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => ErasureService.Changed;

    private static string Tone(ErasureRequest entry) => entry switch
    {
        { Counts.Failed: > 0 } or { Problem: not null } => "danger",
        { State: ErasureState.Forgotten } => "ok",
        { State: ErasureState.Unproven } => "warn",
        _ => "work",
    };

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var page = await ErasureService.ListAsync(User.Id, before: null, _shown + 1, cancellationToken);
        _denied = page is null;
        _hasMore = page?.Count > _shown;
        _entries = page is null ? null : [.. page.Take(_shown)];
        foreach (var id in _evidence.Keys.ToArray())
        {
            await ReadEvidenceAsync(id, cancellationToken);
        }

        return !_denied;
    }

    private async Task ShowDetailsAsync(ErasureRequest entry)
    {
        await ReadEvidenceAsync(entry.Id, Left);
        await _grid!.ToggleHierarchyVisibilityAsync(entry);
    }

    private async Task ReadEvidenceAsync(string id, CancellationToken cancellationToken)
    {
        if (await ErasureService.FindRecordAsync(User.Id, id, cancellationToken) is { } evidence)
        {
            _evidence[id] = evidence;
        }
    }

    private Task<bool> TryAgainAsync(ErasureRequest entry) => ErasureService.RetryAsync(User.Id, entry.Id, Left);

    private async Task MoreAsync()
    {
        _shown += PageSize;
        await LookAsync();
    }

    // An entry that was read again is the same row: its details stay open.
    private sealed class ById : IEqualityComparer<ErasureRequest>
    {
        public bool Equals(ErasureRequest? x, ErasureRequest? y) => x?.Id == y?.Id;

        public int GetHashCode(ErasureRequest entry) => entry.Id.GetHashCode(StringComparison.Ordinal);
    }
}
