using System.Collections.Immutable;
using Copilot.Domain.Timeline.Items;

namespace Copilot.Domain.Replay.Lanes;

/// <summary>One bar of a lane. Immutable: a bar that an event does not touch keeps its reference.</summary>
public sealed record LaneBar
{
    /// <summary>Tells it from the other bars of the run, and never changes.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required Lane Lane { get; init; }

    /// <summary>Its row in the lane, from 0: bars of one time stand under one another.</summary>
    public int Row { get; init; }

    /// <summary>What it shows.</summary>
    public required TimelineItem Item { get; init; }

    /// <summary>How that has ended.</summary>
    public required LaneOutcome Outcome { get; init; }

    /// <summary>Its parts, at least one.</summary>
    public required ImmutableArray<LaneSegment> Segments { get; init; }

    /// <summary>When it begins (UTC).</summary>
    public DateTimeOffset From => Segments[0].From;

    /// <summary>When it ends; null while it goes on.</summary>
    public DateTimeOffset? To => Segments[^1].To;

    /// <summary>Seq of the event that it begins with.</summary>
    public required long Seq { get; init; }

    /// <summary>True for something that has no length.</summary>
    public bool IsMoment => To == From;
}
