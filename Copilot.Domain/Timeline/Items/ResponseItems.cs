using System.Collections.Immutable;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Items;

/// <summary>Where an attempt is.</summary>
public enum AttemptPhase
{
    /// <summary>Sent; nothing has come back.</summary>
    Sent,

    /// <summary>The response streams.</summary>
    Streaming,

    /// <summary>It ended as asked.</summary>
    Completed,

    /// <summary>It ended early.</summary>
    Incomplete,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>It was cut: it never ended and no longer counts, or the run ended first.</summary>
    Cut,
}

/// <summary>One request to the upstream and the head of its response.</summary>
public sealed record AttemptItem : TimelineItem
{
    /// <summary>Its number in the run, from 1; 0 where no <c>attempt.sent</c> was seen.</summary>
    public required int Number { get; init; }

    /// <summary>True when only the new items were sent, after <see cref="PreviousResponseId"/>.</summary>
    public bool Delta { get; init; }

    /// <summary>The response it continues, or null.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>How many input items were sent, or null.</summary>
    public long? InputItems { get; init; }

    /// <summary>Size of the request in bytes, or null.</summary>
    public long? Bytes { get; init; }

    /// <summary>The API's response id, once it is known.</summary>
    public Track<string> ResponseId { get; init; } = new();

    /// <summary>The model that answers, once it is known.</summary>
    public Track<string> Model { get; init; } = new();

    /// <summary>What it went through; the first <see cref="AttemptPhase.Streaming"/> is the first event of the response.</summary>
    public Track<AttemptPhase> Phases { get; init; } = new();

    /// <summary>Tokens, once the response has ended.</summary>
    public Track<ResponseUsage> Usage { get; init; } = new();

    /// <summary>What it cost, once that is recorded.</summary>
    public Track<ResponseCost> Cost { get; init; } = new();

    /// <summary>Why the response is incomplete.</summary>
    public Track<string> IncompleteReason { get; init; } = new();

    /// <summary>The upstream's error.</summary>
    public Track<ResponseError> Error { get; init; } = new();

    /// <summary>Where it is now.</summary>
    public AttemptPhase Phase => Phases.IsSet ? Phases.Current : AttemptPhase.Sent;

    /// <inheritdoc/>
    public override bool IsOpen => Phase is AttemptPhase.Sent or AttemptPhase.Streaming;

    /// <inheritdoc/>
    protected override long LastChange => Math.Max(
        Math.Max(Math.Max(ResponseId.LastSeq, Model.LastSeq), Math.Max(Phases.LastSeq, Usage.LastSeq)),
        Math.Max(Math.Max(IncompleteReason.LastSeq, Error.LastSeq), Cost.LastSeq));

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => this with
    {
        ResponseId = ResponseId.Clip(seq),
        Model = Model.Clip(seq),
        Phases = Phases.Clip(seq),
        Usage = Usage.Clip(seq),
        Cost = Cost.Clip(seq),
        IncompleteReason = IncompleteReason.Clip(seq),
        Error = Error.Clip(seq),
    };
}

/// <summary>Which kind of words a part holds.</summary>
public enum TextPartKind
{
    /// <summary>Answer text (Markdown), or what a spoken answer says.</summary>
    Answer,

    /// <summary>The model declines.</summary>
    Refusal,

    /// <summary>A summary of reasoning (Markdown).</summary>
    Summary,

    /// <summary>Open reasoning.</summary>
    Reasoning,
}

/// <summary>One part of an item's text (the API's <c>content_index</c> or <c>summary_index</c>).</summary>
/// <param name="FromSeq">Seq of the event that made it.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Index">Its place among the parts of its kind.</param>
/// <param name="Text">The words.</param>
public sealed record TextPart(long FromSeq, TextPartKind Kind, int Index, GrowingText Text);

/// <summary>An item of a response, with what all of them share.</summary>
public abstract record ResponseItem : TimelineItem
{
    /// <summary>The API's <c>output_index</c>; null where it never came.</summary>
    public int? OutputIndex { get; init; }

    /// <summary>Set when nothing more will come.</summary>
    public SeqMark? Done { get; init; }

    /// <summary>Set with <see cref="Done"/> when it was cut off rather than finished.</summary>
    public bool WasCut { get; init; }

    /// <inheritdoc/>
    public override bool IsOpen => Done is null && Superseded is null;

    /// <inheritdoc/>
    protected override long LastChange => Done?.Seq ?? 0;

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => Done?.Seq <= seq ? this : this with { Done = null, WasCut = false };
}

/// <summary>An item made of text parts.</summary>
public abstract record TextItem : ResponseItem
{
    /// <summary>Its parts, in order.</summary>
    public ImmutableArray<TextPart> Parts { get; init; } = [];

    /// <summary>True when no part holds a character.</summary>
    public bool IsEmpty => Parts.All(part => part.Text.Length == 0);

    /// <summary>All parts joined by blank lines.</summary>
    public string Text => string.Join("\n\n", Parts.Where(part => part.Text.Length > 0).Select(part => part.Text.ToString()));

    /// <inheritdoc/>
    protected override long LastChange =>
        Parts.Aggregate(base.LastChange, (last, part) => Math.Max(last, Math.Max(part.FromSeq, part.Text.LastSeq)));

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => (TextItem)base.ClipOwn(seq) with
    {
        Parts = [.. Parts.Where(part => part.FromSeq <= seq).Select(part => part with { Text = part.Text.Clip(seq) })],
    };
}

/// <summary>What the model lets us see of its reasoning.</summary>
public sealed record ReasoningItem : TextItem;

/// <summary>Words of the model to the person: an answer, or a comment on the way.</summary>
public sealed record AnswerItem : TextItem
{
    /// <summary>The API's <c>phase</c> (<c>commentary</c> or <c>final_answer</c>), where it came.</summary>
    public Track<string> Phase { get; init; } = new();

    /// <summary>The API's annotations (citations), in order; the fold of citations reads them.</summary>
    public ImmutableArray<AnswerAnnotation> Annotations { get; init; } = [];

    /// <summary>True when the run asked for JSON: the text is data, not Markdown.</summary>
    public bool IsStructured { get; init; }

    /// <summary>True when the model says this is only a comment on the way.</summary>
    public bool IsCommentary => Phase.Current == "commentary";

    /// <inheritdoc/>
    protected override long LastChange =>
        Math.Max(base.LastChange, Math.Max(Phase.LastSeq, Annotations.IsEmpty ? 0 : Annotations[^1].Seq));

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => (AnswerItem)base.ClipOwn(seq) with
    {
        Phase = Phase.Clip(seq),
        Annotations = Annotations.RemoveAll(one => one.Seq > seq),
    };
}
