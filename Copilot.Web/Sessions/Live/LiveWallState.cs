using System.Collections.Immutable;
using Copilot.Domain.Supervision;
using Copilot.Web.Supervision;

namespace Copilot.Web.Sessions.Live;

/// <summary>What the page of the wall shows.</summary>
internal sealed record LiveWallState
{
    /// <summary>Before anything was read.</summary>
    public static LiveWallState Loading { get; } = new() { Phase = LivePhase.Loading };

    /// <summary>Where the page is.</summary>
    public required LivePhase Phase { get; init; }

    /// <summary>The rows under their headings.</summary>
    public ImmutableArray<LiveSection> Sections { get; init; } = [];

    /// <summary>How many rows of each group the filter lets through, without those that are pinned: they stand under a heading of their own.</summary>
    public ImmutableDictionary<AttentionGroup, int> Counts { get; init; } = ImmutableDictionary<AttentionGroup, int>.Empty;

    /// <summary>How many rows would move if the order were renewed.</summary>
    public int Moves { get; init; }

    /// <summary>Sums over all that the viewer may see, whatever the filter.</summary>
    public LiveTotals Totals { get; init; } = LiveTotals.Of([]);

    /// <summary>Every row that the viewer may see, for the choices of the filter.</summary>
    public ImmutableArray<LiveRow> Visible { get; init; } = [];

    /// <summary>Every row on the page, in the order in which they stand.</summary>
    public IEnumerable<LiveRow> Rows => Sections.SelectMany(section => section.Rows);

    /// <summary>Those of them that are still on the wall: one that has gone stands where it was while the order is held.</summary>
    public IEnumerable<LiveRow> Present
    {
        get
        {
            var visible = Visible.Select(row => row.RunId).ToHashSet();
            return Rows.Where(row => visible.Contains(row.RunId));
        }
    }

    /// <summary>A row that the viewer may see, or null.</summary>
    public LiveRow? Find(string? runId) => Visible.FirstOrDefault(row => row.RunId == runId);
}

/// <summary>Where the wall is.</summary>
internal enum LivePhase
{
    /// <summary>It is being read.</summary>
    Loading,

    /// <summary>It shows what happens.</summary>
    Open,

    /// <summary>The person supervises nothing.</summary>
    Denied,

    /// <summary>The permission was taken while it was open.</summary>
    AccessEnded,

    /// <summary>It could not be read; it is tried again.</summary>
    Failed,

    /// <summary>It cannot be recorded that somebody looks, so it is not shown.</summary>
    NotRecorded,
}
