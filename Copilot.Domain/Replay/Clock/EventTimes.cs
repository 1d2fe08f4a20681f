using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Replay.Clock;

/// <summary>
/// When each event of a run happened, and how much they weigh: what a player needs of all events, so that their bodies are read only where
/// they are shown. Immutable; values that grew from one another share their memory.
/// </summary>
public sealed class EventTimes
{
    private const int FirstRoom = 64;

    private readonly Room _room;

    private EventTimes(Room room, int count) => (_room, Count) = (room, count);

    /// <summary>Before the first event.</summary>
    public static EventTimes Empty { get; } = new(new Room(0), 0);

    /// <summary>Seq of the newest event; 0 before the first.</summary>
    public int Count { get; }

    /// <summary>When the first event happened (UTC); null before it.</summary>
    public DateTimeOffset? Origin => Count == 0 ? null : At(0);

    /// <summary>When the newest event happened (UTC); null before the first.</summary>
    public DateTimeOffset? Newest => Count == 0 ? null : At(Count - 1);

    /// <summary>The times after a batch. Events that are known already change nothing.</summary>
    public EventTimes Apply(IReadOnlyList<RunEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var fresh = events.SkipWhile(one => one.Seq <= Count).ToList();
        if (fresh.Count == 0)
        {
            return this;
        }

        var count = (int)fresh[^1].Seq;
        var room = _room.TryTake(Count, count) ? _room : new Room(_room, Count, count);
        var place = Count;
        foreach (var runEvent in fresh)
        {
            // An event that is missing stands where the one before it does, and so does one of a clock that was set back.
            for (; place < runEvent.Seq; place++)
            {
                var before = place == 0 ? runEvent.At.UtcTicks : room.Ticks[place - 1];
                var isThis = place == runEvent.Seq - 1;
                room.Ticks[place] = isThis ? Math.Max(before, runEvent.At.UtcTicks) : before;
                room.Bytes[place] = (place == 0 ? 0 : room.Bytes[place - 1]) + (isThis ? runEvent.Data.Length : 0);
            }
        }

        return new EventTimes(room, count);
    }

    /// <summary>When an event happened (UTC); that of the nearest where there is none of this number. Null before the first event.</summary>
    public DateTimeOffset? TimeOf(long seq) => Count == 0 ? null : At((int)(Math.Clamp(seq, 1, Count) - 1));

    /// <summary>Seq of the newest event at a moment; 0 before the first event.</summary>
    public long SeqAt(DateTimeOffset at)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _room.Ticks[middle] <= at.UtcTicks ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Size of the payloads of these events, both included, in bytes.</summary>
    public long BytesOf(long first, long last) => UpTo(last) - UpTo(first - 1);

    private long UpTo(long seq) => seq <= 0 || Count == 0 ? 0 : _room.Bytes[Math.Min(seq, Count) - 1];

    private DateTimeOffset At(int place) => new(_room.Ticks[place], TimeSpan.Zero);

    // Values read only what was there when they were made, so the newest one may write behind it.
    private sealed class Room(int length)
    {
        private int _taken;

        public Room(Room before, int count, int needed)
            : this(Math.Max(FirstRoom, needed * 2))
        {
            before.Ticks.AsSpan(0, count).CopyTo(Ticks);
            before.Bytes.AsSpan(0, count).CopyTo(Bytes);
            _taken = needed;
        }

        public long[] Ticks { get; } = new long[length];

        public long[] Bytes { get; } = new long[length];

        public bool TryTake(int from, int to) => to <= Ticks.Length && Interlocked.CompareExchange(ref _taken, to, from) == from;
    }
}
