using Copilot.Web.Components.RunScreen.Review;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Finding;
using Copilot.Web.Storage.Search;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;

namespace Copilot.Web.Components.Find;

/// <summary>All runs that a person may see, with search and filters. What is shown stands in the address.</summary>
public sealed partial class FindPage(NavigationManager navigation, IJSRuntime script) : IAsyncDisposable
{
    private ElementReference _root;
    private ScriptModule? _script;
    private RunList _list = null!;
    private RunListRequest _request = RunListRequest.Parse("");
    private RunNames? _names;
    private TimelineNames _tools = TimelineNames.None;
    private IReadOnlyList<FindColumn> _offered = [];
    private IReadOnlyList<FindColumn> _columns = [];
    private IReadOnlyList<RunField> _fields = [];
    private IReadOnlyList<string> _chosen = [];
    private string _words = "";
    private bool _isDrawn;
    private bool _isRestored;
    private bool _isGone;
    private Task _loading = Task.CompletedTask;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    [Inject]
    internal RunLists Lists { get; set; } = null!;

    [Inject]
    internal Toasts Toasts { get; set; } = null!;

    [Inject]
    internal ToolTitles ToolTitles { get; set; } = null!;

    private string Status => _list.IsReading ? FindText.Reading : _list is { Phase: RunListPhase.Open, Count: { } count } ? FindText.Found(count, _list.IsMoreThanCount) : "";

    private string Origin => _list.Shown.ToOrigin(_list.ReadAt);

    // The file has the runs of the list, all of them.
    private string Export => (_request with { BySession = false }).ToQuery(withShown: false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isGone = true;
        navigation.LocationChanged -= Moved;
        _list.Dispose();
        await _loading;
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        _tools = new TimelineNames(ToolTitles.All);
        _list = Lists.Create();
        _offered = FindColumns.For(User);
        _columns = FindColumns.Usual(User);
        _fields = FindColumns.Fields(User);
        navigation.LocationChanged += Moved;
        ReadAddress();
        return LoadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _script = new ScriptModule(script, "./Components/Find/FindPage.razor.js");
            if (await _script.MountAsync(_root) && await _script.InvokeAsync<string[]>("columns", User.Id) is { } chosen)
            {
                _columns = [.. _offered.Where(column => chosen.Contains(column.ToString()))];
                StateHasChanged();
            }
        }

        // Not before the rows are drawn: the place is among them.
        if (!_isRestored && _isDrawn && _script is { IsMounted: true })
        {
            _isRestored = true;
            await _script.InvokeMountedAsync("restore");
        }
    }

    private static string Address(RunListRequest request) => "/runs" + request.ToQuery(withShown: true);

    private void Moved(object? sender, LocationChangedEventArgs args)
    {
        if (!new Uri(args.Location).AbsolutePath.Equals("/runs", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var before = _request;
        ReadAddress();
        // More rows of the same list are there already.
        if (before != _request && before with { Shown = _request.Shown } != _request)
        {
            _loading = InvokeAsync(LoadAsync);
        }
    }

    private void ReadAddress()
    {
        _request = FindColumns.Allowed(RunListRequest.Parse(new Uri(navigation.Uri).Query) with { SeenBefore = null }, User);
        if (_request.Filter.Search != _words.Trim())
        {
            _words = _request.Filter.Search;
        }
    }

    private async Task LoadAsync()
    {
        var reading = _list.OpenAsync(User, _request);
        StateHasChanged();
        if (await reading && !_isGone)
        {
            _chosen = [.. _chosen.Where(id => _list.Runs.Any(run => run.RunId == id))];
            _isDrawn = true;
            StateHasChanged();
        }
    }

    private async Task MoreAsync()
    {
        if (await _list.MoreAsync() && _list.Phase is RunListPhase.Open)
        {
            Go(_list.Shown, replace: true);
        }
    }

    private async Task ReviewAsync()
    {
        var list = _list.Shown;
        if (await _list.FindUnseenAsync(User, list) is { } run)
        {
            navigation.NavigateTo(RunAddress.Of(run, seq: null, list.ToOrigin(_list.ReadAt)));
        }
        else if (!_isGone)
        {
            Toasts.Say(FindText.AllSeen);
        }
    }

    private async Task LoadNamesAsync()
    {
        _names ??= await _list.NamesAsync(User);
        StateHasChanged();
    }

    private async Task TurnAsync(FindColumn column)
    {
        _columns = _columns.Contains(column) ? [.. _columns.Where(one => one != column)] : [.. _offered.Where(one => one == column || _columns.Contains(one))];
        if (_script is not null)
        {
            await _script.InvokeMountedAsync("saveColumns", User.Id, _columns.Select(one => one.ToString()).ToArray());
        }
    }

    private void Choose(string runId) => _chosen = _chosen.Contains(runId) ? [.. _chosen.Where(one => one != runId)] : [.. _chosen, runId];

    private void Search() => Go(_request with { Filter = _request.Filter with { Search = _words.Trim() }, Shown = RunListRequest.Page }, replace: true);

    private void Filter(RunFilter filter)
    {
        _words = filter.Search;
        Go(_request with { Filter = filter, Shown = RunListRequest.Page }, replace: false);
    }

    private void Sort(RunSort sort) =>
        Go(_request with { Sort = sort, IsAscending = _request.Sort == sort && !_request.IsAscending, Shown = RunListRequest.Page }, replace: true);

    private void Go(RunListRequest request, bool replace) => navigation.NavigateTo(Address(request), replace: replace);
}
