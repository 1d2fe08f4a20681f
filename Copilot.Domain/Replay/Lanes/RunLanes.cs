using System.Collections.Immutable;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Replay.Lanes;

/// <summary>
/// A run as lanes of bars: what the model, the tools, the people and the connections did when. Made from a timeline alone, so the lanes of a
/// timeline at a playhead are the lanes at that moment.
/// </summary>
public sealed record RunLanes
{
    /// <summary>Before the first event.</summary>
    public static RunLanes Empty { get; } = new();

    /// <summary>When the run was created (UTC); null before the first event.</summary>
    public DateTimeOffset? Origin { get; private init; }

    /// <summary>When it ended for good; null while something may follow.</summary>
    public DateTimeOffset? End { get; private init; }

    /// <summary>All bars, by lane, then by their beginnings.</summary>
    public ImmutableArray<LaneBar> Bars { get; private init; } = [];

    /// <summary>What the overview marks, in order.</summary>
    public ImmutableArray<LaneMark> Marks { get; private init; } = [];

    /// <summary>The times in which it only waited, in order; not the one that goes on (<see cref="IdleSince"/>).</summary>
    public ImmutableArray<IdleStretch> Idle { get; private init; } = [];

    /// <summary>Since when a run that has not ended only waits (UTC); null while it works, and once it has ended.</summary>
    public DateTimeOffset? IdleSince { get; private init; }

    /// <summary>The lanes of a timeline.</summary>
    public static RunLanes Of(TimelineState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.CreatedAt is not { } origin)
        {
            return Empty;
        }

        var moments = new RunMoments(state);
        var bars = new List<LaneBar>();
        var attempts = new AttemptBars(moments);
        foreach (var item in state.Items)
        {
            attempts.Add(item);
            switch (item)
            {
                case ToolCallItem call:
                    bars.AddRange(CallBars.Of(call, moments));
                    bars.AddRange(PeopleBars.Of(call, call.Approval, moments));
                    bars.AddRange(PeopleBars.Question(call, moments));
                    break;
                case HostedToolItem hosted:
                    bars.Add(CallBars.Of(hosted));
                    bars.AddRange(PeopleBars.Of(hosted, hosted.Approval, moments));
                    break;
                case ConnectionItem connection:
                    bars.Add(TransportBars.Of(connection, moments));
                    break;
                case StatusItem { Kind: StatusKind.FellBack or StatusKind.UpstreamError or StatusKind.Queued } status:
                    bars.Add(TransportBars.Of(status));
                    break;
                case StatusItem { Kind: StatusKind.RetryScheduled or StatusKind.Interrupted } status:
                    bars.Add(AttemptBars.Of(status, moments));
                    break;
                case CompactionRequestItem compaction:
                    bars.Add(AttemptBars.Of(compaction));
                    break;
                default:
                    bars.AddRange(PeopleBars.Of(item, moments));
                    break;
            }
        }

        bars.AddRange(attempts.All());
        var idleSince = state.EndedAt is null && state.Status is not RunStatus.Running ? IdleTime.Since(origin, bars) : null;
        return new RunLanes
        {
            Origin = origin,
            End = state.EndedAt,
            Bars = LaneRows.Place(bars),
            Marks = [.. RunMarks.Of(state)],
            Idle = [.. IdleTime.Of(origin, state.EndedAt, bars).Where(idle => !(idle.From >= idleSince))],
            IdleSince = idleSince,
        };
    }

    /// <summary>The bar with this id, or null.</summary>
    public LaneBar? Find(string? id) => id is null ? null : Bars.FirstOrDefault(bar => bar.Id == id);

    /// <summary>The bars of one lane.</summary>
    public IEnumerable<LaneBar> In(Lane lane) => Bars.Where(bar => bar.Lane == lane);
}
