using Copilot.Web.Sessions.Live;
using Copilot.Web.Supervision;

namespace Copilot.Web.Components.Live;

/// <summary>One line of the list: a heading or a row.</summary>
/// <param name="Heading">The heading, or of which section the row is.</param>
/// <param name="Count">How many runs the heading counts.</param>
/// <param name="Row">The row; null for a heading.</param>
/// <param name="Position">The row's place in the list, from 1.</param>
internal sealed record LiveLine(string Heading, int Count, LiveRow? Row, int Position)
{
    /// <summary>The lines of a wall.</summary>
    public static List<LiveLine> Of(LiveWallState state)
    {
        var lines = new List<LiveLine>();
        var position = 0;
        foreach (var section in state.Sections)
        {
            var heading = section.Group is { } group ? LiveText.Heading(group) : section.IsNew ? LiveText.New : LiveText.Pinned;
            lines.Add(new LiveLine(heading, section.Group is { } counted ? state.Counts.GetValueOrDefault(counted) : section.Rows.Length, Row: null, Position: 0));
            lines.AddRange(section.Rows.Select(row => new LiveLine(heading, 0, row, ++position)));
        }

        return lines;
    }
}
