using Copilot.Web.Sessions.RunScreen;

namespace Copilot.Web.Components.RunScreen;

/// <summary>A row of the table of raw events.</summary>
/// <param name="Element">Names the element that shows it among those in sight.</param>
/// <param name="Event">What it shows.</param>
internal readonly record struct RawEventRow(long Element, RawEvent Event);

/// <summary>
/// Which element shows which event. While the table scrolls, an event keeps its element, and with it the focus. When it jumps to where
/// nothing of what was in sight remains, the elements stay and show other events: that costs a browser a fraction of making them anew.
/// </summary>
internal sealed class RawEventElements
{
    private long _lowest;
    private long _highest;
    private long _top;
    private long _shift;

    /// <summary>Gives each of the rows in sight its element.</summary>
    /// <param name="events">The rows in sight from the top, in the order of their numbers or against it.</param>
    public IReadOnlyList<RawEventRow> Assign(IReadOnlyList<RawEvent> events)
    {
        if (events.Count == 0)
        {
            return [];
        }

        var (top, bottom) = (events[0].Seq, events[^1].Seq);
        var (lowest, highest) = (Math.Min(top, bottom), Math.Max(top, bottom));
        if (lowest > _highest || highest < _lowest)
        {
            _shift += _top - top;
        }

        (_lowest, _highest, _top) = (lowest, highest, top);
        return [.. events.Select(one => new RawEventRow(one.Seq + _shift, one))];
    }
}
