using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Items;

/// <summary>Where a compaction is.</summary>
public enum CompactionPhase
{
    /// <summary>The upstream makes the conversation short.</summary>
    Compacting,

    /// <summary>The run goes on with the short one.</summary>
    Compacted,

    /// <summary>It could not be done; the conversation stays as it was.</summary>
    Failed,
}

/// <summary>One value of <see cref="CompactionRequestItem.Phases"/>.</summary>
/// <param name="Phase">Where the compaction is.</param>
/// <param name="Items">How many items the conversation has begun with since, or null.</param>
/// <param name="Usage">What it cost, or null.</param>
/// <param name="Reason">Why it failed, or null.</param>
public sealed record CompactionStep(CompactionPhase Phase, int? Items, ResponseUsage? Usage, string? Reason);

/// <summary>A conversation that is made short before it is sent whole.</summary>
public sealed record CompactionRequestItem : TimelineItem
{
    /// <summary>Why, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>How many items it had, or null.</summary>
    public long? InputItems { get; init; }

    /// <summary>Their size in bytes, or null.</summary>
    public long? Bytes { get; init; }

    /// <summary>What it went through.</summary>
    public Track<CompactionStep> Phases { get; init; } = new();

    /// <summary>Where it is now.</summary>
    public CompactionPhase Phase => Phases.Current?.Phase ?? CompactionPhase.Compacting;

    /// <inheritdoc/>
    public override bool IsOpen => Phase is CompactionPhase.Compacting;

    /// <inheritdoc/>
    protected override long LastChange => Phases.LastSeq;

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => this with { Phases = Phases.Clip(seq) };
}
