using System.Collections.Immutable;
using Copilot.Domain.Supervision;
using Copilot.Web.Supervision;

namespace Copilot.Web.Sessions.Live;

/// <summary>
/// The rows as a viewer sees them, in an order that stays under the pointer and the focus: while it is held, rows are renewed where
/// they stand, new ones come last and those that go stay as they were. Not thread-safe.
/// </summary>
internal sealed class LiveOrder
{
    /// <summary>How many rows that have gone may stand where they were: a pointer that is left on the list for days must not collect them.</summary>
    internal const int MaxGone = 200;

    /// <summary>The sections, in their order, none of them empty.</summary>
    public ImmutableArray<LiveSection> Sections { get; private set; } = [];

    /// <summary>How many rows stand where they would not stand in the newest order.</summary>
    public int Waiting { get; private set; }

    /// <summary>How many rows stand here that have gone.</summary>
    public int Gone { get; private set; }

    /// <summary>Shows these rows in exactly this order.</summary>
    /// <param name="pinned">The rows that the viewer has pinned.</param>
    /// <param name="others">The others, in the order of the board.</param>
    public void Arrange(IReadOnlyList<LiveRow> pinned, IReadOnlyList<LiveRow> others)
    {
        (Waiting, Gone) = (0, 0);
        Sections = Sort(pinned, others);
    }

    /// <summary>Renews the rows without moving one of them, unless more than <see cref="MaxGone"/> have gone.</summary>
    /// <inheritdoc cref="Arrange"/>
    public void Hold(IReadOnlyList<LiveRow> pinned, IReadOnlyList<LiveRow> others)
    {
        var now = pinned.Concat(others).ToDictionary(row => row.RunId);
        var shown = Sections.SelectMany(section => section.Rows).Select(row => row.RunId).ToHashSet();
        LiveRow[] added = [.. now.Values.Where(row => !shown.Contains(row.RunId))];
        var held = Sections
            .Select(section => section with { Rows = [.. section.Rows.Select(row => now.GetValueOrDefault(row.RunId, row))] })
            .ToList();
        if (added.Length > 0)
        {
            if (held is [.., { IsNew: true } last])
            {
                held[^1] = last with { Rows = last.Rows.AddRange(added) };
            }
            else
            {
                held.Add(new LiveSection(Group: null, [.. added]) { IsNew = true });
            }
        }

        Gone = shown.Count(runId => !now.ContainsKey(runId));
        if (Gone > MaxGone)
        {
            Arrange(pinned, others);
            return;
        }

        Sections = [.. held];
        Waiting = Misplaced(held, Sort(pinned, others), now);
    }

    /// <summary>Whether the newest order has a row that is not shown yet.</summary>
    public bool Lacks(IReadOnlyList<LiveRow> pinned, IReadOnlyList<LiveRow> others)
    {
        var shown = Sections.SelectMany(section => section.Rows).Select(row => row.RunId).ToHashSet();
        return pinned.Concat(others).Any(row => !shown.Contains(row.RunId));
    }

    private static ImmutableArray<LiveSection> Sort(IReadOnlyList<LiveRow> pinned, IReadOnlyList<LiveRow> others)
    {
        var sections = others
            .GroupBy(row => row.Assessment.Group)
            .OrderBy(group => group.Key)
            .Select(group => new LiveSection(group.Key, [.. group]));
        return pinned.Count == 0 ? [.. sections] : [new LiveSection(Group: null, [.. pinned]), .. sections];
    }

    // Gone, new, or in another section than it belongs to; inside a section those that left the longest run of rows in order would be
    // exact, the number of places that differ is enough for a person.
    private static int Misplaced(List<LiveSection> held, ImmutableArray<LiveSection> wanted, Dictionary<string, LiveRow> now)
    {
        var places = new Dictionary<string, (AttentionGroup? Group, int Place)>();
        foreach (var section in wanted)
        {
            for (var place = 0; place < section.Rows.Length; place++)
            {
                places[section.Rows[place].RunId] = (section.Group, place);
            }
        }

        var misplaced = 0;
        foreach (var section in held)
        {
            for (var place = 0; place < section.Rows.Length; place++)
            {
                var stays = now.ContainsKey(section.Rows[place].RunId) && !section.IsNew && places[section.Rows[place].RunId] == (section.Group, place);
                misplaced += stays ? 0 : 1;
            }
        }

        return misplaced;
    }
}
