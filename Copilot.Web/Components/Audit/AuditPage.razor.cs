using System.Globalization;
using Copilot.Domain.Audit;
using Copilot.Domain.Concurrency;
using Copilot.Web.Audit;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Audit;

/// <summary>The access log with its filter, which is in the address, and the verification. It reads when it is asked to: each look is an entry itself.</summary>
public sealed partial class AuditPage(TimeProvider time, ILogger<AuditPage> logger) : WatchingPage(time, logger)
{
    private const int PageSize = 50;

    private readonly AsyncSignal _asked = new();
    private readonly Dictionary<string, string?> _names = [];
    private List<AccessRecord>? _entries;
    private AccessFilter _filter = AccessFilter.None;
    private bool _hasMore;
    private bool _denied;
    private string? _person;
    private string? _action;
    private string? _object;
    private string? _address;
    private DateOnly? _from;
    private DateOnly? _to;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    /// <summary>A person's id or a part of a name.</summary>
    [SupplyParameterFromQuery(Name = "person")]
    public string? Person { get; set; }

    /// <summary>What was done.</summary>
    [SupplyParameterFromQuery(Name = "action")]
    public string? Action { get; set; }

    /// <summary>To what.</summary>
    [SupplyParameterFromQuery(Name = "object")]
    public string? ObjectId { get; set; }

    /// <summary>From where.</summary>
    [SupplyParameterFromQuery(Name = "address")]
    public string? Address { get; set; }

    /// <summary>The first day.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    /// <summary>The last day.</summary>
    [SupplyParameterFromQuery(Name = "to")]
    public string? To { get; set; }

    private static IReadOnlyList<string> Actions { get; } =
    [
        .. AccessActions.All,
        AuditAction.RoleChanged, AuditAction.TeamChanged, AuditAction.Locked, AuditAction.Unlocked, AuditAction.Deleted, AuditAction.KeyCreated,
        AuditAction.KeyRevoked, AuditAction.PermissionGiven, AuditAction.PermissionRevoked, AuditAction.LeverSet, AuditAction.LeverUndone,
        AuditAction.RunsStopped,
    ];

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        TakeFilter();
        base.OnInitialized();
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // Also when only the page around it is drawn anew: what is being typed stays.
        if (ReadFilter() != _filter)
        {
            TakeFilter();
            _asked.Set();
        }
    }

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => _asked.Next.WaitAsync(Left);

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _denied = !await ReadPageAsync(before: null, cancellationToken);
        return !_denied;
    }

    private static string? RunOf(AccessEntry entry) =>
        entry.ObjectId is { } id && id.StartsWith("run_", StringComparison.Ordinal) ? $"/runs/{Uri.EscapeDataString(id)}" : null;

    private static string? Text(string? text) => text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private async Task<bool> ReadPageAsync(long? before, CancellationToken cancellationToken)
    {
        var filter = _filter;
        if (await Changing.FindAsync(cancellationToken) is not { } reader
            || await Administration.ReadAsync(reader, filter, before, PageSize + 1, cancellationToken) is not { } page)
        {
            return false;
        }

        _hasMore = page.Count > PageSize;
        var shown = page.Take(PageSize).ToList();
        foreach (var id in shown.Select(record => record.Entry.OwnerId).OfType<string>().Where(id => !_names.ContainsKey(id)).Distinct().ToList())
        {
            _names[id] = await Names.FindAsync(id, cancellationToken);
        }

        _entries = before is null ? shown : [.. _entries ?? [], .. shown];
        return true;
    }

    private string? NameOf(string? userId) => userId is null ? null : _names.GetValueOrDefault(userId) ?? userId;

    private AccessFilter ReadFilter() => AccessFilter.Read(
        name => name switch
        {
            "person" => Person,
            "action" => Action,
            "object" => ObjectId,
            "address" => Address,
            "from" => From,
            _ => To,
        },
        User.TimeZone);

    private void TakeFilter()
    {
        _filter = ReadFilter();
        (_person, _action, _object, _address, _from, _to) = (Person, Action, ObjectId, Address, Day(From), Day(To));
    }

    private void Apply() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        AuditEndpoints.Address,
        new Dictionary<string, object?>
        {
            ["person"] = Text(_person),
            ["action"] = Text(_action),
            ["object"] = Text(_object),
            ["address"] = Text(_address),
            ["from"] = _from?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["to"] = _to?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        }));

    // Moments instead of days: the file knows nothing of the reader's time zone.
    private string Link(string file) => Navigation.GetUriWithQueryParameters(
        $"{AuditEndpoints.Address}/{file}",
        new Dictionary<string, object?>
        {
            ["person"] = _filter.Person,
            ["action"] = _filter.Action,
            ["object"] = _filter.ObjectId,
            ["address"] = _filter.Address,
            ["from"] = _filter.From?.ToString("O", CultureInfo.InvariantCulture),
            ["to"] = _filter.To?.ToString("O", CultureInfo.InvariantCulture),
        });

    private async Task MoreAsync()
    {
        if (_entries is [.., var oldest])
        {
            _denied = !await ReadPageAsync(oldest.Seq, Left);
        }
    }
}
