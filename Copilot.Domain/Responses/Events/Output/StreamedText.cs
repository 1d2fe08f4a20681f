namespace Copilot.Domain.Responses.Events.Output;

/// <summary>A text that came piece by piece. Appending copies nothing and every older value stays valid.</summary>
internal sealed class StreamedText
{
    private readonly StreamedText? _before;
    private readonly string _piece;
    private readonly int _length;

    private StreamedText(StreamedText? before, string piece)
    {
        (_before, _piece) = (before, piece);
        _length = piece.Length + (before?._length ?? 0);
    }

    /// <summary>No text yet.</summary>
    public static StreamedText Empty { get; } = new(null, "");

    /// <summary>How many UTF-16 code units came.</summary>
    public int Length => _length;

    /// <summary>True while nothing came.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>The text and one more piece.</summary>
    public StreamedText Append(string piece) => piece.Length == 0 ? this : new StreamedText(_length == 0 ? null : this, piece);

    /// <summary>The whole text. Copies it.</summary>
    public override string ToString() => _before is null ? _piece : string.Create(_length, this, static (target, text) =>
    {
        for (var at = text; at is not null; at = at._before)
        {
            at._piece.CopyTo(target[(at._length - at._piece.Length)..]);
        }
    });
}
