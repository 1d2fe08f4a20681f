using Copilot.Domain.Supervision;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Supervision;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Copilot.Web.Components.Live;

/// <summary>What is looked for on the wall.</summary>
public sealed partial class LiveFilterBar : ComponentBase
{
    private ElementReference _first;
    private LiveField _field;
    private bool _isNot;
    private bool _isOpen;
    private bool _isOpening;
    private string? _value;

    /// <summary>The filter.</summary>
    [Parameter, EditorRequired]
    public required LiveFilter Filter { get; set; }

    /// <summary>Another filter was chosen.</summary>
    [Parameter]
    public EventCallback<LiveFilter> FilterChanged { get; set; }

    /// <summary>The rows whose names can be chosen.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<LiveRow> Rows { get; set; }

    /// <summary>What tools are called.</summary>
    [Parameter, EditorRequired]
    public required TimelineNames Names { get; set; }

    /// <summary>What else stands in the bar.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private IReadOnlyList<(string Value, string Text)> Choices => _field switch
    {
        LiveField.Person => Same(Rows.Select(row => row.PersonName)),
        LiveField.Team => Same(Rows.Select(row => row.TeamName)),
        LiveField.Agent => Same(Rows.Select(row => row.Run.AgentName)),
        LiveField.Tool => [.. Rows
            .SelectMany(row => row.Run.ActiveTools.Select(tool => tool.Name).Concat(row.Run.PendingApprovals.Select(approval => approval.Name)))
            .Distinct().Order().Select(tool => (tool, Names.Tool(tool)))],
        LiveField.Transport => [("websocket", "WebSocket"), ("http", "HTTP")],
        _ => [.. Enum.GetValues<AttentionGroup>().Select(group => (group.ToWire(), LiveText.Heading(group))),
            .. Enum.GetValues<SignKind>().Select(kind => (kind.ToWire(), LiveText.Kind(kind)))],
    };

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_isOpening)
        {
            _isOpening = false;
            await _first.FocusAsync();
        }
    }

    private static IReadOnlyList<(string Value, string Text)> Same(IEnumerable<string> names) =>
        [.. names.Distinct().Order(StringComparer.OrdinalIgnoreCase).Select(name => (name, name))];

    private void Open() => (_isOpen, _isOpening, _isNot, _value) = (true, true, false, null);

    private void OnKey(KeyboardEventArgs key) => _isOpen = _isOpen && key.Key != "Escape";

    private Task SearchAsync(string? words) => FilterChanged.InvokeAsync(Filter with { Search = words?.Trim() ?? "" });

    private Task TurnAsync(LiveCondition condition) =>
        FilterChanged.InvokeAsync(Filter with { Conditions = Filter.Conditions.Replace(condition, condition with { IsNot = !condition.IsNot }) });

    private async Task AddAsync()
    {
        // A list begins with its first entry chosen, and says so only when another one is.
        var value = _value?.Trim() is { Length: > 0 } chosen ? chosen : Choices.Select(choice => choice.Value).FirstOrDefault();
        if (value is not null)
        {
            _isOpen = false;
            await FilterChanged.InvokeAsync(Filter.With(new LiveCondition(_field, _isNot, value)));
        }
    }
}
