using Copilot.Domain.Supervision;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Supervision;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Live;

/// <summary>What is looked for on the wall.</summary>
public sealed partial class LiveFilterBar : ComponentBase
{
    private static readonly LiveField[] s_fields = Enum.GetValues<LiveField>();

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

    private static ConditionKind KindOf(LiveField field) => field is LiveField.Age or LiveField.Cost ? ConditionKind.Number : ConditionKind.Choice;

    private static LiveCondition Make(LiveField field, bool isNot, string value) => new(field, isNot, value);

    private static IReadOnlyList<(string Value, string Text)> Same(IEnumerable<string> names) =>
        [.. names.Distinct().Order(StringComparer.OrdinalIgnoreCase).Select(name => (name, name))];

    private IReadOnlyList<(string Value, string Text)> ChoicesOf(LiveField field) => field switch
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

    private Task SearchAsync(string? words) => FilterChanged.InvokeAsync(Filter with { Search = words?.Trim() ?? "" });

    private Task TurnAsync(LiveCondition condition) =>
        FilterChanged.InvokeAsync(Filter with { Conditions = Filter.Conditions.Replace(condition, condition with { IsNot = !condition.IsNot }) });
}
