using System.Collections.Immutable;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Replay;

/// <summary>
/// How many events of a run came when: the overview of the whole run, in at most <see cref="MaxBuckets"/> stretches of equal length. A
/// longer run has longer stretches. Immutable, and the same however the events were batched.
/// </summary>
public sealed record EventDensity
{
    /// <summary>The most stretches there are.</summary>
    public const int MaxBuckets = 256;

    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>Before the first event.</summary>
    public static EventDensity Empty { get; } = new();

    /// <summary>When the first event happened (UTC); null before it.</summary>
    public DateTimeOffset? Origin { get; private init; }

    /// <summary>Seq before the first event: 0, but for a clip of a run.</summary>
    public long Before { get; private init; }

    /// <summary>How long a stretch is.</summary>
    public TimeSpan Width { get; private init; } = s_shortest;

    /// <summary>Seq of the newest event by the end of each stretch, from <see cref="Origin"/> on.</summary>
    public ImmutableArray<long> LastSeqs { get; private init; } = [];

    /// <summary>How many events each stretch has.</summary>
    public IEnumerable<long> Counts => LastSeqs.Select((last, place) => last - (place == 0 ? Before : LastSeqs[place - 1]));

    /// <summary>The density after a batch. Events that were counted already change nothing.</summary>
    public EventDensity Apply(IReadOnlyList<RunEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var head = LastSeqs.IsEmpty ? 0 : LastSeqs[^1];
        var (origin, width, first) = (Origin, Width, Before);
        var lasts = LastSeqs.ToBuilder();
        foreach (var runEvent in events)
        {
            if (runEvent.Seq <= head)
            {
                continue;
            }

            first = origin is null ? runEvent.Seq - 1 : first;
            head = runEvent.Seq;
            origin ??= runEvent.At;

            // A clock that was set back puts nothing before what came before it.
            var place = Math.Max((runEvent.At - origin.Value).Ticks / width.Ticks, lasts.Count - 1);
            while (place >= MaxBuckets)
            {
                width *= 2;
                Halve(lasts);
                place = Math.Max((runEvent.At - origin.Value).Ticks / width.Ticks, lasts.Count - 1);
            }

            while (lasts.Count <= place)
            {
                lasts.Add(lasts.Count == 0 ? first : lasts[^1]);
            }

            lasts[(int)place] = head;
        }

        return this with { Origin = origin, Before = first, Width = width, LastSeqs = lasts.ToImmutable() };
    }

    /// <summary>
    /// Seq of the newest event at a moment: exact at the borders of the stretches, in between as if the events had come evenly. 0 before the
    /// first event.
    /// </summary>
    public long SeqAt(DateTimeOffset at)
    {
        if (Origin is not { } origin || at < origin)
        {
            return 0;
        }

        var place = (at - origin).Ticks / Width.Ticks;
        if (place >= LastSeqs.Length)
        {
            return LastSeqs[^1];
        }

        var before = place == 0 ? Before : LastSeqs[(int)place - 1];
        var part = (double)((at - origin).Ticks % Width.Ticks) / Width.Ticks;
        return Math.Max(1, before + (long)Math.Ceiling((LastSeqs[(int)place] - before) * part));
    }

    /// <summary>When an event happened: exact to a stretch, in it as if the events had come evenly. Null before the first event.</summary>
    public DateTimeOffset? TimeOf(long seq)
    {
        if (Origin is not { } origin)
        {
            return null;
        }

        var place = 0;
        while (place < LastSeqs.Length - 1 && LastSeqs[place] < seq)
        {
            place++;
        }

        var before = place == 0 ? Before : LastSeqs[place - 1];
        var part = LastSeqs[place] > before ? Math.Clamp((double)(seq - before) / (LastSeqs[place] - before), 0, 1) : 0;
        return origin + (Width * (place + part));
    }

    private static void Halve(ImmutableArray<long>.Builder lasts)
    {
        for (var place = 0; place * 2 < lasts.Count; place++)
        {
            lasts[place] = lasts[Math.Min((place * 2) + 1, lasts.Count - 1)];
        }

        lasts.Count = (lasts.Count + 1) / 2;
    }
}
