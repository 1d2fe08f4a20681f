using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Copilot.Web.Components.Live;

/// <summary>What is looked for in a list: a search box, the conditions, and a form for another one.</summary>
/// <typeparam name="TField">What can be filtered by.</typeparam>
/// <typeparam name="TCondition">A condition.</typeparam>
public sealed partial class ConditionBar<TField, TCondition> : ComponentBase
{
    private ElementReference _first;
    private TField _field;
    private bool _isNot;
    private bool _isOpen;
    private bool _isOpening;
    private string? _value;

    /// <summary>What the bar is called.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>The input for words.</summary>
    [Parameter, EditorRequired]
    public required RenderFragment SearchBox { get; set; }

    /// <summary>The conditions that hold now.</summary>
    [Parameter, EditorRequired]
    public required IEnumerable<TCondition> Conditions { get; set; }

    /// <summary>True when nothing is looked for.</summary>
    [Parameter, EditorRequired]
    public required bool IsEmpty { get; set; }

    /// <summary>What takes everything away is called.</summary>
    [Parameter, EditorRequired]
    public required string ClearText { get; set; }

    /// <summary>A condition as people read it.</summary>
    [Parameter, EditorRequired]
    public required Func<TCondition, string> TextOf { get; set; }

    /// <summary>What takes it away is called.</summary>
    [Parameter, EditorRequired]
    public required Func<TCondition, string> RemoveTextOf { get; set; }

    /// <summary>What can be filtered by, at least one.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<TField> Fields { get; set; }

    /// <summary>A field's name.</summary>
    [Parameter, EditorRequired]
    public required Func<TField, string> NameOf { get; set; }

    /// <summary>"Is", or "is not" where the second is true.</summary>
    [Parameter, EditorRequired]
    public required Func<TField, bool, string> RelationOf { get; set; }

    /// <summary>How a field's value is given.</summary>
    [Parameter, EditorRequired]
    public required Func<TField, ConditionKind> KindOf { get; set; }

    /// <summary>The values to choose from, with their names.</summary>
    [Parameter, EditorRequired]
    public required Func<TField, IReadOnlyList<(string Value, string Text)>> ChoicesOf { get; set; }

    /// <summary>Makes a condition of a field, whether it is "is not", and a value; null where it is none.</summary>
    [Parameter, EditorRequired]
    public required Func<TField, bool, string, TCondition?> Make { get; set; }

    /// <summary>A condition was added.</summary>
    [Parameter]
    public EventCallback<TCondition> OnAdd { get; set; }

    /// <summary>A condition is to be its opposite.</summary>
    [Parameter]
    public EventCallback<TCondition> OnTurn { get; set; }

    /// <summary>A condition was taken away.</summary>
    [Parameter]
    public EventCallback<TCondition> OnRemove { get; set; }

    /// <summary>Everything was taken away.</summary>
    [Parameter]
    public EventCallback OnClear { get; set; }

    /// <summary>The form is open: the values to choose from are needed.</summary>
    [Parameter]
    public EventCallback OnOpen { get; set; }

    /// <summary>What else stands in the bar.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_isOpening)
        {
            _isOpening = false;
            await _first.FocusAsync();
        }
    }

    private async Task OpenAsync()
    {
        (_isOpen, _isOpening, _isNot, _value, _field) = (true, true, false, null, Fields[0]);
        await OnOpen.InvokeAsync();
    }

    private void OnKey(KeyboardEventArgs key) => _isOpen = _isOpen && key.Key != "Escape";

    private async Task AddAsync()
    {
        // A list begins with its first entry chosen, and says so only when another one is.
        var value = _value?.Trim() is { Length: > 0 } chosen ? chosen
            : KindOf(_field) is ConditionKind.Choice ? ChoicesOf(_field).Select(choice => choice.Value).FirstOrDefault()
            : null;
        if (value is not null && Make(_field, _isNot, value) is { } condition)
        {
            _isOpen = false;
            await OnAdd.InvokeAsync(condition);
        }
    }
}
