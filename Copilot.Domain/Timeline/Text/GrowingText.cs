using System.Collections.Immutable;
using System.Text;

namespace Copilot.Domain.Timeline.Text;

/// <summary>Where one event's piece of a text ends.</summary>
/// <param name="End">Length of the text after the event, in UTF-16 units.</param>
/// <param name="Seq">The event's number.</param>
/// <param name="At">When it happened (UTC).</param>
public readonly record struct TextMark(int End, long Seq, DateTimeOffset At);

/// <summary>A piece of a <see cref="GrowingText"/>. A closed chunk never changes and keeps its reference.</summary>
/// <param name="Start">Offset of its first character in the whole text.</param>
/// <param name="Text">Its characters.</param>
/// <param name="Marks">The marks of the events whose pieces end in it.</param>
public sealed record TextChunk(int Start, string Text, ImmutableArray<TextMark> Marks);

/// <summary>
/// Streaming text: closed chunks and an open tail. Appending copies at most the tail (bounded), never the whole text, and every
/// older value stays valid. Marks say which event brought which characters, so the text at a playhead is a prefix.
/// </summary>
public sealed class GrowingText
{
    private const int ClosedLength = 512;
    private const int ClosedMarks = 48;

    /// <summary>A text of these chunks, which follow from one another.</summary>
    internal GrowingText(ImmutableList<TextChunk> closed, TextChunk open, GrowingText? replaced)
    {
        Closed = closed;
        Open = open;
        Replaced = replaced;
        Generation = replaced is null ? 0 : replaced.Generation + 1;
    }

    /// <summary>No text yet.</summary>
    public static GrowingText Empty { get; } = new([], new TextChunk(0, "", []), null);

    /// <summary>The chunks that will not change any more, in order.</summary>
    public ImmutableList<TextChunk> Closed { get; }

    /// <summary>The chunk that still grows.</summary>
    public TextChunk Open { get; }

    /// <summary>The text this one took the place of, when the upstream's final text was not what it had streamed; else null.</summary>
    public GrowingText? Replaced { get; }

    /// <summary>How often the text was replaced. Two values of one generation are prefixes of each other.</summary>
    public int Generation { get; }

    /// <summary>Length in UTF-16 units.</summary>
    public int Length => Open.Start + Open.Text.Length;

    /// <summary>Seq of the newest event that changed it; 0 for an empty text.</summary>
    public long LastSeq => LastMark?.Seq ?? Replaced?.LastSeq ?? 0;

    /// <summary>All marks in order.</summary>
    public IEnumerable<TextMark> Marks => Chunks.SelectMany(chunk => chunk.Marks);

    /// <summary>All chunks in order, the open one last.</summary>
    internal IEnumerable<TextChunk> Chunks => Closed.Append(Open);

    private TextMark? LastMark =>
        !Open.Marks.IsEmpty ? Open.Marks[^1] : Closed.IsEmpty ? null : Closed[^1].Marks[^1];

    private TextMark? FirstMark =>
        !Closed.IsEmpty ? Closed[0].Marks[0] : Open.Marks.IsEmpty ? null : Open.Marks[0];

    /// <summary>The text with a piece added by this event; the same instance when the piece is empty.</summary>
    public GrowingText Append(SeqMark mark, string piece)
    {
        if (piece.Length == 0)
        {
            return this;
        }

        var text = Open.Text + piece;
        var open = new TextChunk(Open.Start, text, Open.Marks.Add(new TextMark(Open.Start + text.Length, mark.Seq, mark.At)));

        // A chunk is drawn by itself: half a character at its end would never be whole.
        return (text.Length < ClosedLength && open.Marks.Length < ClosedMarks) || char.IsHighSurrogate(text[^1])
            ? new GrowingText(Closed, open, Replaced)
            : new GrowingText(Closed.Add(open), new TextChunk(Open.Start + text.Length, "", []), Replaced);
    }

    /// <summary>
    /// The text once the upstream has said it whole: what is missing is appended, and where the streamed text was another one
    /// the final text takes its place. An empty final text is a sparse stream's silence and changes nothing.
    /// </summary>
    public GrowingText Finish(SeqMark mark, string whole)
    {
        if (whole.Length == 0)
        {
            return this;
        }

        return IsPrefixOf(whole)
            ? Append(mark, whole[Length..])
            : new GrowingText([], new TextChunk(0, "", []), this).Append(mark, whole);
    }

    /// <summary>The text when the event with this number was the newest.</summary>
    public GrowingText Clip(long seq)
    {
        // A loop, because an upstream may replace a text as often as it likes.
        var text = this;
        while (text.Replaced is not null && (text.FirstMark is not { } first || first.Seq > seq))
        {
            text = text.Replaced;
        }

        return text.LastSeq <= seq ? text : text.Cut(seq);
    }

    /// <summary>The characters from an offset to the end.</summary>
    public string From(int offset)
    {
        var first = Closed.Count;
        while (first > 0 && Closed[first - 1].Start + Closed[first - 1].Text.Length > offset)
        {
            first--;
        }

        var builder = new StringBuilder(Math.Max(0, Length - offset));
        for (var index = first; index < Closed.Count; index++)
        {
            AppendFrom(builder, Closed[index], offset);
        }

        AppendFrom(builder, Open, offset);
        return builder.ToString();
    }

    /// <summary>At most this many characters from the start.</summary>
    public string Head(int length)
    {
        var builder = new StringBuilder(Math.Min(length, Length));
        foreach (var chunk in Chunks)
        {
            if (builder.Length >= length)
            {
                break;
            }

            builder.Append(chunk.Text.AsSpan(0, Math.Min(chunk.Text.Length, length - builder.Length)));
        }

        return builder.ToString();
    }

    /// <summary>The whole text. Copies it: for ends and copies, not for every delta.</summary>
    public override string ToString() => From(0);

    private GrowingText Cut(long seq)
    {
        var closed = Closed.Count;
        while (closed > 0 && Closed[closed - 1].Marks[^1].Seq > seq)
        {
            closed--;
        }

        var cut = closed == Closed.Count ? Open : Closed[closed];
        var marks = cut.Marks.RemoveAll(mark => mark.Seq > seq);
        var length = marks.IsEmpty ? 0 : marks[^1].End - cut.Start;
        return new GrowingText(Closed.GetRange(0, closed), new TextChunk(cut.Start, cut.Text[..length], marks), Replaced);
    }

    private static void AppendFrom(StringBuilder builder, TextChunk chunk, int offset) =>
        builder.Append(chunk.Text.AsSpan(Math.Clamp(offset - chunk.Start, 0, chunk.Text.Length)));

    private bool IsPrefixOf(string whole)
    {
        if (Length > whole.Length)
        {
            return false;
        }

        foreach (var chunk in Chunks)
        {
            if (!whole.AsSpan(chunk.Start, chunk.Text.Length).SequenceEqual(chunk.Text))
            {
                return false;
            }
        }

        return true;
    }
}
