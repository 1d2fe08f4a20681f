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
    private ErasureWatch? _watch;
    private bool _readAll = true;
    private readonly Dictionary<string, string?> _names = [];
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
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _watch?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _watch = ErasureService.Watch(sessionId: null);
        base.OnInitialized();
    }

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => _watch!.Next;

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
        var changed = _watch!.Take();
        var all = _readAll || changed.Count > PageSize;

        // What a failed read leaves out is not reported again.
        _readAll = true;
        await (all ? ReadAllAsync(cancellationToken) : ReadChangedAsync(changed, cancellationToken));
        _readAll = false;
        foreach (var entry in _entries ?? [])
        {
            await FindNameAsync(entry.Owner.UserId, cancellationToken);
            await FindNameAsync(entry.RequestedBy?.Id, cancellationToken);
        }

        return !_denied;
    }

    private async Task ReadChangedAsync(IReadOnlySet<string> changed, CancellationToken cancellationToken)
    {
        var found = await ErasureService.FindManyAsync(User.Id, changed, cancellationToken);
        _denied = found is null;
        if (found is not null && _entries is { } before)
        {
            var oldest = _hasMore && before.Count > 0 ? before[^1].Id : "";
            var entries = before
                .Where(entry => !changed.Contains(entry.Id))
                .Concat(found.Where(entry => string.CompareOrdinal(entry.Id, oldest) >= 0))
                .OrderByDescending(entry => entry.Id, StringComparer.Ordinal)
                .ToList();
            _hasMore |= entries.Count > _shown;
            _entries = [.. entries.Take(_shown)];
            foreach (var id in _evidence.Keys.Where(changed.Contains).ToArray())
            {
                await ReadEvidenceAsync(id, cancellationToken);
            }
        }
    }

    private async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        var page = await ErasureService.ListAsync(User.Id, before: null, _shown + 1, cancellationToken);
        _denied = page is null;
        _hasMore = page?.Count > _shown;
        _entries = page is null ? null : [.. page.Take(_shown)];
        foreach (var id in _evidence.Keys.ToArray())
        {
            await ReadEvidenceAsync(id, cancellationToken);
        }
    }

    private async Task FindNameAsync(string? userId, CancellationToken cancellationToken)
    {
        if (userId is not null && !_names.ContainsKey(userId))
        {
            _names[userId] = await Names.FindAsync(userId, cancellationToken);
        }
    }

    private string NameOf(string? userId) => (userId is null ? null : _names.GetValueOrDefault(userId)) ?? ErasureText.SomebodyGone;

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
        _readAll = true;
        await RefreshAsync();
    }

    // An entry that was read again is the same row: its details stay open.
    private sealed class ById : IEqualityComparer<ErasureRequest>
    {
        public bool Equals(ErasureRequest? x, ErasureRequest? y) => x?.Id == y?.Id;

        public int GetHashCode(ErasureRequest entry) => entry.Id.GetHashCode(StringComparison.Ordinal);
    }
}
