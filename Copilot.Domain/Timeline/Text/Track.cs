using System.Collections.Immutable;

namespace Copilot.Domain.Timeline.Text;

/// <summary>One value of a <see cref="Track{T}"/> and the event that set it.</summary>
/// <param name="Seq">The event's number.</param>
/// <param name="At">When it happened (UTC).</param>
/// <param name="Value">The value from then on.</param>
public readonly record struct TrackStep<T>(long Seq, DateTimeOffset At, T Value);

/// <summary>
/// A value that changes a few times during a run and remembers when, so that it can be read at any playhead without folding
/// again. Immutable; setting the value it already has returns the same instance.
/// </summary>
public sealed class Track<T>
{
    /// <summary>These values, oldest first.</summary>
    internal Track(ImmutableArray<TrackStep<T>> steps) => Steps = steps;

    /// <summary>Never set.</summary>
    public Track()
        : this([])
    {
    }

    /// <summary>All values, oldest first.</summary>
    public ImmutableArray<TrackStep<T>> Steps { get; }

    /// <summary>True once a value was set.</summary>
    public bool IsSet => Steps.Length > 0;

    /// <summary>The newest value; the type's default where none was set.</summary>
    public T? Current => IsSet ? Steps[^1].Value : default;

    /// <summary>When the newest value was set; null where none was.</summary>
    public DateTimeOffset? Since => IsSet ? Steps[^1].At : null;

    /// <summary>Seq of the newest value; 0 where none was set.</summary>
    public long LastSeq => IsSet ? Steps[^1].Seq : 0;

    /// <summary>The value from this event on.</summary>
    public Track<T> Set(SeqMark mark, T value) =>
        IsSet && EqualityComparer<T>.Default.Equals(Steps[^1].Value, value)
            ? this
            : new Track<T>(Steps.Add(new TrackStep<T>(mark.Seq, mark.At, value)));

    /// <summary>What it was when the event with this number was the newest.</summary>
    public Track<T> Clip(long seq)
    {
        var count = Steps.Length;
        while (count > 0 && Steps[count - 1].Seq > seq)
        {
            count--;
        }

        return count == Steps.Length ? this : new Track<T>(Steps[..count]);
    }
}
