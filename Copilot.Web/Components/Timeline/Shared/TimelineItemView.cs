using Copilot.Domain.Timeline.Items;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>What shows one item. Items are immutable, so it is drawn again only when it gets another reference.</summary>
public abstract class TimelineItemView<TItem> : ComponentBase
    where TItem : TimelineItem
{
    private TItem? _rendered;
    private TimeZoneInfo? _renderedZone;
    private bool _touched;

    /// <summary>The item.</summary>
    [Parameter]
    [EditorRequired]
    public required TItem Item { get; set; }

    /// <summary>The viewer's time zone; UTC where the page gives none.</summary>
    [CascadingParameter]
    public TimeZoneInfo? Zone { get; set; }

    /// <summary>What people and tools are called; only their roles and names where the page gives none.</summary>
    [CascadingParameter]
    public TimelineNames? Names { get; set; }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _rendered = Item;
        _renderedZone = Zone;
    }

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        var changed = _touched || !ReferenceEquals(_rendered, Item) || !ReferenceEquals(_renderedZone, Zone);
        _rendered = Item;
        _renderedZone = Zone;
        _touched = false;
        return changed;
    }

    /// <summary>Says that something of the view itself changed, for example what is unfolded.</summary>
    protected void Touch() => _touched = true;
}
