using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Storage.Search;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Copilot.Web.Components.Find;

/// <summary>What is looked for among the runs.</summary>
public sealed partial class FindFilterBar : ComponentBase
{
    private ElementReference _first;
    private RunField _field;
    private bool _isNot;
    private bool _isOpen;
    private bool _isOpening;
    private string? _value;

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

    private IReadOnlyList<(string Value, string Text)> Choices => _field switch
    {
        RunField.Person => Same(Names?.People),
        RunField.Team => Same(Names?.Teams),
        RunField.Agent => Same(Names?.Agents),
        RunField.Tool => [.. (Names?.Tools ?? []).Select(tool => (tool, Tools.Tool(tool)))],
        RunField.Error => [(RunCondition.Any, FindText.Any), .. Same(Names?.Errors)],
        RunField.State => [.. Enum.GetValues<RunStatus>().Select(status => Said(status.ToWire()))],
        RunField.Alert => [(RunCondition.Any, FindText.Any), .. Enum.GetValues<SignKind>().Select(kind => Said(kind.ToWire()))],
        RunField.Intervention or RunField.Seen => [Said("yes"), Said("no")],
        RunField.Thumbs => [Said("up"), Said("down")],
        _ => [Said("websocket"), Said("http")],
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

    private static IReadOnlyList<(string Value, string Text)> Same(IReadOnlyList<string>? names) => [.. (names ?? []).Select(name => (name, name))];

    private (string Value, string Text) Said(string value) => (value, FindText.Value(_field, value));

    private async Task OpenAsync()
    {
        (_isOpen, _isOpening, _isNot, _value, _field) = (true, true, false, null, Fields[0]);
        await OnNames.InvokeAsync();
    }

    private void OnKey(KeyboardEventArgs key) => _isOpen = _isOpen && key.Key != "Escape";

    private Task TurnAsync(RunCondition condition) =>
        FilterChanged.InvokeAsync(Filter with { Conditions = Filter.Conditions.Replace(condition, condition with { IsNot = !condition.IsNot }) });

    private async Task AddAsync()
    {
        // A list begins with its first entry chosen, and says so only when another one is.
        var value = _value?.Trim() is { Length: > 0 } chosen ? chosen : RunCondition.IsMeasured(_field) ? null : Choices.Select(choice => choice.Value).FirstOrDefault();
        if (value is not null && new RunCondition(_field, _isNot, value) is { IsValid: true } condition)
        {
            _isOpen = false;
            await FilterChanged.InvokeAsync(Filter.With(condition));
        }
    }
}
