using System.Collections.Immutable;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Items;

/// <summary>
/// Something the upstream does itself or asks for in a way of its own. The kinds that are known have a type of their own; this
/// one is for what is not known: its type, its status and its JSON.
/// </summary>
public record HostedToolItem : ResponseItem
{
    /// <summary>The API's item type, for example <c>web_search_call</c>.</summary>
    public required string ItemType { get; init; }

    /// <summary>The API's phase or status, for example <c>searching</c>.</summary>
    public Track<string> Phase { get; init; } = new();

    /// <summary>The tool's name where it has one (MCP).</summary>
    public Track<string> Name { get; init; } = new();

    /// <summary>Code or arguments as they stream.</summary>
    public GrowingText Input { get; init; } = GrowingText.Empty;

    /// <summary>An item of a type that is not known as UTF-8 JSON, its beginning where it is long; empty for the known kinds.</summary>
    public Track<ReadOnlyMemory<byte>> Item { get; init; } = new();

    /// <summary>What a person was asked about it and decided. Unset where nobody was asked.</summary>
    public Track<ApprovalStep> Approval { get; init; } = new();

    /// <inheritdoc/>
    public override bool IsOpen =>
        base.IsOpen || (Approval.Current is { State: ApprovalState.Waiting } && Superseded is null);

    /// <summary>True when the upstream says that it went wrong.</summary>
    public bool HasFailed => Phase.Current is "failed";

    /// <inheritdoc/>
    protected override long LastChange => Math.Max(
        Math.Max(Math.Max(base.LastChange, Input.LastSeq), Approval.LastSeq),
        Math.Max(Item.LastSeq, Math.Max(Phase.LastSeq, Name.LastSeq)));

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => (HostedToolItem)base.ClipOwn(seq) with
    {
        Phase = Phase.Clip(seq),
        Name = Name.Clip(seq),
        Input = Input.Clip(seq),
        Item = Item.Clip(seq),
        Approval = Approval.Clip(seq),
    };
}

/// <summary>A kind that is known, with what its item said.</summary>
/// <typeparam name="TFacts">What is read from the item.</typeparam>
public abstract record HostedItem<TFacts> : HostedToolItem
    where TFacts : class
{
    /// <summary>What the item said when it was added, then when it was done.</summary>
    public Track<TFacts> FactSteps { get; init; } = new();

    /// <summary>What it says now; null before the first word.</summary>
    public TFacts? Facts => FactSteps.Current;

    /// <inheritdoc/>
    protected override long LastChange => Math.Max(base.LastChange, FactSteps.LastSeq);

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) =>
        (HostedItem<TFacts>)base.ClipOwn(seq) with { FactSteps = FactSteps.Clip(seq) };
}

/// <summary>A web search, an opened page or a search in a page.</summary>
public sealed record WebSearchItem : HostedItem<WebSearchFacts>;

/// <summary>A search in vector stores.</summary>
public sealed record FileSearchItem : HostedItem<FileSearchFacts>;

/// <summary>Code that runs in the upstream's sandbox; <see cref="HostedToolItem.Input"/> is the code.</summary>
public sealed record CodeInterpreterItem : HostedItem<CodeInterpreterFacts>;

/// <summary>The tools that an MCP server offers.</summary>
public sealed record McpToolsItem : HostedItem<McpToolsFacts>;

/// <summary>A call of an MCP server's tool; <see cref="HostedToolItem.Input"/> are the arguments.</summary>
public sealed record McpCallItem : HostedItem<McpCallFacts>;

/// <summary>The upstream made the conversation shorter.</summary>
public sealed record CompactionItem : HostedItem<CompactionFacts>;

/// <summary>An image that is being made.</summary>
public sealed record ImageItem : HostedItem<ImageFacts>
{
    /// <summary>The images on the way, in the order they came.</summary>
    public ImmutableArray<PartialImage> Partials { get; init; } = [];

    /// <summary>The best image so far, or null.</summary>
    public ImageRef? Image => Facts?.Image ?? (Partials.IsEmpty ? null : Partials[^1].Image);

    /// <inheritdoc/>
    protected override long LastChange => Math.Max(base.LastChange, Partials.IsEmpty ? 0 : Partials[^1].Image.Seq);

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) =>
        (ImageItem)base.ClipOwn(seq) with { Partials = Partials.RemoveAll(partial => partial.Image.Seq > seq) };
}

/// <summary>A command, patch or action on a computer, and what came of it.</summary>
public sealed record CommandItem : HostedItem<CommandFacts>
{
    /// <summary>The commands as they stream (<c>shell_call</c>), by the API's <c>command_index</c>.</summary>
    public ImmutableArray<IndexedText> Commands { get; init; } = [];

    /// <summary>What they print as it streams, by the API's <c>command_index</c>.</summary>
    public ImmutableArray<IndexedText> Outputs { get; init; } = [];

    /// <inheritdoc/>
    protected override long LastChange => Math.Max(base.LastChange, Math.Max(IndexedText.LastSeq(Commands), IndexedText.LastSeq(Outputs)));

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => (CommandItem)base.ClipOwn(seq) with
    {
        Commands = IndexedText.Clip(Commands, seq),
        Outputs = IndexedText.Clip(Outputs, seq),
    };
}

/// <summary>One of several texts that stream side by side.</summary>
/// <param name="FromSeq">Seq of the event that made it.</param>
/// <param name="Index">Its place among them.</param>
/// <param name="Text">Its characters.</param>
public sealed record IndexedText(long FromSeq, int Index, GrowingText Text)
{
    /// <summary>The texts after one of them has changed.</summary>
    internal static ImmutableArray<IndexedText> Edit(
        ImmutableArray<IndexedText> texts, long seq, int index, Func<GrowingText, GrowingText> edit)
    {
        var place = 0;
        while (place < texts.Length && texts[place].Index < index)
        {
            place++;
        }

        if (place == texts.Length || texts[place].Index != index)
        {
            return texts.Insert(place, new IndexedText(seq, index, edit(GrowingText.Empty)));
        }

        var text = edit(texts[place].Text);
        return ReferenceEquals(text, texts[place].Text) ? texts : texts.SetItem(place, texts[place] with { Text = text });
    }

    /// <summary>Seq of the newest change; 0 where there is none.</summary>
    internal static long LastSeq(ImmutableArray<IndexedText> texts) =>
        texts.Aggregate(0L, (last, one) => Math.Max(last, Math.Max(one.FromSeq, one.Text.LastSeq)));

    /// <summary>The texts when the event with this number was the newest.</summary>
    internal static ImmutableArray<IndexedText> Clip(ImmutableArray<IndexedText> texts, long seq) =>
        LastSeq(texts) <= seq
            ? texts
            : [.. texts.Where(one => one.FromSeq <= seq).Select(one => one with { Text = one.Text.Clip(seq) })];
}
