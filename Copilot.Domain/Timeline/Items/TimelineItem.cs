using System.Collections.Immutable;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Items;

/// <summary>
/// One entry of a run's timeline. Immutable: an item that an event does not touch keeps its reference, so whether it must be
/// drawn again is a reference comparison.
/// </summary>
public abstract record TimelineItem
{
    /// <summary>Its place in <see cref="TimelineState.Items"/>, from 0; never changes, so it is also its key.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Seq of the event that made it.</summary>
    public required long FromSeq { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Ordinal of the <see cref="AttemptItem"/> whose response it belongs to; null for items outside of one.</summary>
    public int? Attempt { get; init; }

    /// <summary>Set when its response no longer counts: it is shown struck out and never mixed with newer text.</summary>
    public SeqMark? Superseded { get; init; }

    /// <summary>One past the newest event that changed it: the item was touched in <c>[FromSeq, ToSeq)</c>.</summary>
    public long ToSeq => 1 + Math.Max(Math.Max(FromSeq, Superseded?.Seq ?? 0), LastChange);

    /// <summary>True while more is expected.</summary>
    public virtual bool IsOpen => false;

    /// <summary>Seq of the newest change of what a case adds; 0 where nothing has changed.</summary>
    protected virtual long LastChange => 0;

    /// <summary>The item when the event with this number was the newest; null where it did not exist yet.</summary>
    public TimelineItem? Clip(long seq)
    {
        if (FromSeq > seq)
        {
            return null;
        }

        if (ToSeq <= seq + 1)
        {
            return this;
        }

        return ClipOwn(seq) with { Superseded = ClipMark(Superseded, seq) };
    }

    /// <summary>A mark that has not happened yet is none.</summary>
    protected static SeqMark? ClipMark(SeqMark? mark, long seq) => mark?.Seq <= seq ? mark : null;

    /// <summary>Clips what a case adds.</summary>
    protected virtual TimelineItem ClipOwn(long seq) => this;
}

/// <summary>What the person asked.</summary>
public sealed record UserMessageItem : TimelineItem
{
    /// <summary>Their words.</summary>
    public required string Text { get; init; }

    /// <summary>Who wrote it, or null.</summary>
    public EventActor? Actor { get; init; }

    /// <summary>The id the client made for it, or null.</summary>
    public string? MessageId { get; init; }
}

/// <summary>What a <see cref="StatusItem"/> says.</summary>
public enum StatusKind
{
    /// <summary>The run waits for a person (<c>run.waiting</c>).</summary>
    Waiting,

    /// <summary>It was interrupted by a restart or shutdown (<c>run.interrupted</c>).</summary>
    Interrupted,

    /// <summary>It goes on (<c>run.resumed</c>).</summary>
    Resumed,

    /// <summary>The transport changed (<c>transport.fell_back</c>).</summary>
    FellBack,

    /// <summary>The request will be sent again after <see cref="StatusItem.Delay"/> (<c>attempt.retry_scheduled</c>).</summary>
    RetryScheduled,

    /// <summary>What a response had streamed no longer counts (<c>attempt.superseded</c>).</summary>
    Superseded,

    /// <summary>It waits its turn to connect (<c>transport.queued</c>).</summary>
    Queued,

    /// <summary>The upstream reported an error outside of any response, for example on an idle socket.</summary>
    UpstreamError,
}

/// <summary>A line that says what happened to the run.</summary>
public sealed record StatusItem : TimelineItem
{
    /// <summary>What happened.</summary>
    public required StatusKind Kind { get; init; }

    /// <summary>Why, in the event's words, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Until the next attempt; null for other kinds.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>The transport it left (<see cref="StatusKind.FellBack"/>), or null.</summary>
    public TransportKind? From { get; init; }

    /// <summary>The transport it uses now (<see cref="StatusKind.FellBack"/>), or null.</summary>
    public TransportKind? To { get; init; }

    /// <summary>Who caused it, or null.</summary>
    public EventActor? Actor { get; init; }

    /// <summary>Calls of the upstream's own tools whose outcome nobody knows (<see cref="StatusKind.Interrupted"/>).</summary>
    public IReadOnlyList<string> UnknownCalls { get; init; } = [];
}

/// <summary>Where a connection is.</summary>
public enum ConnectionPhase
{
    /// <summary>Being opened.</summary>
    Connecting,

    /// <summary>In use.</summary>
    Connected,

    /// <summary>It broke, or could not be opened.</summary>
    Lost,

    /// <summary>Closed cleanly.</summary>
    Closed,
}

/// <summary>One value of <see cref="ConnectionItem.Phases"/>.</summary>
/// <param name="Phase">Where the connection is.</param>
/// <param name="Elapsed">How long opening took, where the event says so.</param>
/// <param name="Reason">Why it was lost or closed, or null.</param>
/// <param name="CloseCode">The close code of a socket, or null.</param>
/// <param name="Prepared">True when it was opened before the run began, while the user typed.</param>
public sealed record ConnectionStep(ConnectionPhase Phase, TimeSpan? Elapsed, string? Reason, int? CloseCode, bool Prepared);

/// <summary>One connection to the upstream: one line that goes from connecting to closed.</summary>
public sealed record ConnectionItem : TimelineItem
{
    /// <summary>What it is; null where the event did not say.</summary>
    public TransportKind? Kind { get; init; }

    /// <summary>The upstream's host, or null.</summary>
    public string? Host { get; init; }

    /// <summary>What it went through.</summary>
    public Track<ConnectionStep> Phases { get; init; } = new();

    /// <summary>Tokens that the upstream had read on it before the run began; not set where nothing was.</summary>
    public Track<long> Warmed { get; init; } = new();

    /// <summary>True when it was open before the run began.</summary>
    public bool Prepared => Phases.Steps.Any(step => step.Value.Prepared);

    /// <summary>Where it is now.</summary>
    public ConnectionPhase Phase => Phases.Current?.Phase ?? ConnectionPhase.Connecting;

    /// <summary>How long opening took, or null.</summary>
    public TimeSpan? Elapsed => Phases.Steps.Select(step => step.Value.Elapsed).FirstOrDefault(elapsed => elapsed is not null);

    /// <inheritdoc/>
    public override bool IsOpen => Phase is ConnectionPhase.Connecting;

    /// <inheritdoc/>
    protected override long LastChange => Math.Max(Phases.LastSeq, Warmed.LastSeq);

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => this with { Phases = Phases.Clip(seq), Warmed = Warmed.Clip(seq) };
}

/// <summary>An event that is not known, or several of one type in a row. Shown raw.</summary>
public sealed record RawItem : TimelineItem
{
    /// <summary>The event's type; that of the first where the payloads were erased.</summary>
    public required string Type { get; init; }

    /// <summary>True when retention has removed the payloads; then types are mixed.</summary>
    public required bool Forgotten { get; init; }

    /// <summary>The events, in order; at least one.</summary>
    public required ImmutableList<RawOccurrence> Events { get; init; }

    /// <inheritdoc/>
    protected override long LastChange => Events[^1].Seq;

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => this with { Events = Events.RemoveAll(one => one.Seq > seq) };
}

/// <summary>One event of a <see cref="RawItem"/>.</summary>
/// <param name="Seq">The event's number.</param>
/// <param name="At">When it happened (UTC).</param>
/// <param name="Data">Its payload as UTF-8 JSON; empty when erased.</param>
public sealed record RawOccurrence(long Seq, DateTimeOffset At, ReadOnlyMemory<byte> Data);

/// <summary>The end of the run. Always the last item.</summary>
public sealed record EndItem : TimelineItem
{
    /// <summary><see cref="RunStatus.Completed"/>, <see cref="RunStatus.Failed"/> or <see cref="RunStatus.Cancelled"/>.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>From the request to the end, or null where the event did not say.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Tokens of the whole run.</summary>
    public ResponseUsage Usage { get; init; }

    /// <summary>What the whole run cost.</summary>
    public RunCost Cost { get; init; } = RunCost.Zero;

    /// <summary>Why the answer is incomplete, or null.</summary>
    public string? IncompleteReason { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public RunError? Error { get; init; }

    /// <summary>Why it was cancelled, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Who cancelled it, or null.</summary>
    public EventActor? Actor { get; init; }
}
