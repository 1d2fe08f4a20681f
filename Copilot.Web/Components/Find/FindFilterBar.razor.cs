using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Web.Components.Live;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Storage.Search;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Find;

/// <summary>What is looked for among the runs.</summary>
public sealed partial class FindFilterBar : ComponentBase
{
    /// <summary>The words in the box.</summary>
    [Parameter, EditorRequired]
    public required string Words { get; set; }

    /// <summary>Other words were typed.</summary>
    [Parameter]
    public EventCallback<string> WordsChanged { get; set; }

    /// <summary>The filter.</summary>
    [Parameter, EditorRequired]
    public required RunFilter Filter { get; set; }

    /// <summary>Another filter was chosen.</summary>
    [Parameter]
    public EventCallback<RunFilter> FilterChanged { get; set; }

    /// <summary>What can be filtered by.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunField> Fields { get; set; }

    /// <summary>The names that can be chosen; null until they are asked for.</summary>
    [Parameter]
    public RunNames? Names { get; set; }

    /// <summary>The names are needed.</summary>
    [Parameter]
    public EventCallback OnNames { get; set; }

    /// <summary>What tools are called.</summary>
    [Parameter, EditorRequired]
    public required TimelineNames Tools { get; set; }

    /// <summary>What else stands in the bar.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private IReadOnlyList<(string Value, string Text)> ChoicesOf(RunField field) => field switch
    {
        RunField.Person => Same(Names?.People),
        RunField.Team => Same(Names?.Teams),
        RunField.Agent => Same(Names?.Agents),
        RunField.Tool => [.. (Names?.Tools ?? []).Select(tool => (tool, Tools.Tool(tool)))],
        RunField.Error => [(RunCondition.Any, FindText.Any), .. Same(Names?.Errors)],
        RunField.State => [.. Enum.GetValues<RunStatus>().Select(status => Said(field, status.ToWire()))],
        RunField.Alert => [(RunCondition.Any, FindText.Any), .. Enum.GetValues<SignKind>().Select(kind => Said(field, kind.ToWire()))],
        RunField.Intervention or RunField.Seen => [Said(field, "yes"), Said(field, "no")],
        RunField.Thumbs => [Said(field, "up"), Said(field, "down")],
        _ => [Said(field, "websocket"), Said(field, "http")],
    };

    private static IReadOnlyList<(string Value, string Text)> Same(IReadOnlyList<string>? names) => [.. (names ?? []).Select(name => (name, name))];

    private static (string Value, string Text) Said(RunField field, string value) => (value, FindText.Value(field, value));

    private static ConditionKind KindOf(RunField field) => field is RunField.Date ? ConditionKind.Date
        : RunCondition.IsMeasured(field) ? ConditionKind.Number
        : ConditionKind.Choice;

    private static RunCondition? Make(RunField field, bool isNot, string value) => new RunCondition(field, isNot, value) is { IsValid: true } condition ? condition : null;

    private Task TurnAsync(RunCondition condition) =>
        FilterChanged.InvokeAsync(Filter with { Conditions = Filter.Conditions.Replace(condition, condition with { IsNot = !condition.IsNot }) });
}
