using Copilot.Domain.Responses;
using Copilot.Domain.Runs;

namespace Copilot.Domain.Timeline;

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

/// <summary>Folds <c>compaction.*</c>.</summary>
internal static class CompactionRequestFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, EventData data)
    {
        var open = (CompactionRequestItem?)state.Items.FindLast(item => item is CompactionRequestItem { IsOpen: true });
        if (e.Type == RunEventTypes.CompactionStarted || open is null)
        {
            open = new CompactionRequestItem
            {
                Ordinal = state.Items.Count,
                FromSeq = e.Seq,
                At = e.At,
                Reason = e.Type == RunEventTypes.CompactionStarted ? data.Text("reason") : null,
                InputItems = data.Number("input_items"),
                Bytes = data.Number("bytes"),
            };
            state = state.Add(open);
        }

        return e.Type switch
        {
            RunEventTypes.CompactionCompleted => Done(state, e, data, open),
            RunEventTypes.CompactionFailed => state.Replace(e.Mark(), Cut(open, e.Mark(), data.Text("reason"))),
            _ => state,
        };
    }

    /// <summary>An open one when nothing more can come.</summary>
    public static CompactionRequestItem Cut(CompactionRequestItem open, SeqMark mark, string? reason) =>
        open with { Phases = open.Phases.Set(mark, new CompactionStep(CompactionPhase.Failed, null, null, reason)) };

    private static TimelineState Done(TimelineState state, RunEvent e, EventData data, CompactionRequestItem open)
    {
        var usage = data.Usage();
        state = state.Replace(e.Mark(), open with
        {
            Phases = open.Phases.Set(e.Mark(), new CompactionStep(CompactionPhase.Compacted, data.Count("items"), usage, null)),
        });
        return usage is { } cost ? state with { Usages = state.Usages.Set(e.Mark(), state.Usage + cost) } : state;
    }
}
