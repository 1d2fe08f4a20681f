using System.Collections.Immutable;

namespace Copilot.Domain.Replay.Clock;

/// <summary>
/// The clock of a replay: which moment of the run is shown at which moment of playing. Pure; a player asks it, or takes its segments and
/// draws straight lines between their ends.
/// </summary>
public sealed class PlaybackClock
{
    /// <summary>A wait that would take longer than this to play is passed quickly.</summary>
    public static readonly TimeSpan LongestPlayedWait = TimeSpan.FromSeconds(2);

    /// <summary>How long a wait is shown that is passed quickly.</summary>
    public static readonly TimeSpan PassedWait = TimeSpan.FromSeconds(0.6);

    /// <summary>A wait that was longer is jumped over.</summary>
    public static readonly TimeSpan LongestPassedWait = TimeSpan.FromMinutes(10);

    private const int FitSteps = 64;
    private const double SlowestFit = 1e-3;
    private const double FastestFit = 1e9;

    private PlaybackClock(DateTimeOffset origin, ImmutableArray<PlaybackSegment> segments, PlaybackSettings settings, double speed) =>
        (Origin, Segments, Settings, Speed) = (origin, segments, settings, speed);

    /// <summary>A run without events.</summary>
    public static PlaybackClock Empty { get; } = new(default, [], PlaybackSettings.Default, 1);

    /// <summary>When the run began (UTC).</summary>
    public DateTimeOffset Origin { get; }

    /// <summary>How it is played, in order and without holes.</summary>
    public ImmutableArray<PlaybackSegment> Segments { get; }

    /// <summary>What it was made for.</summary>
    public PlaybackSettings Settings { get; }

    /// <summary>How much faster than it was what is played is played.</summary>
    public double Speed { get; }

    /// <summary>How long the run was, from its first event to its newest.</summary>
    public TimeSpan RunLength => Segments.IsEmpty ? TimeSpan.Zero : Segments[^1].RunTo;

    /// <summary>How long it takes to play.</summary>
    public TimeSpan PlayLength => Segments.IsEmpty ? TimeSpan.Zero : Segments[^1].PlayTo;

    /// <summary>The waits that are passed quickly.</summary>
    public IEnumerable<PlaybackSegment> Waits => Segments.Where(segment => segment.Wait is not null);

    /// <summary>Makes the clock of a run.</summary>
    /// <param name="times">When its events happened.</param>
    /// <param name="reasons">What it waited for.</param>
    /// <param name="settings">How it is to be played; a speed outside of its limits is brought inside.</param>
    public static PlaybackClock Of(EventTimes times, WaitReasons reasons, PlaybackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(reasons);
        ArgumentNullException.ThrowIfNull(settings);
        if (times.Origin is not { } origin || times.Newest is not { } newest)
        {
            return Empty;
        }

        var length = newest - origin;
        var waits = settings.SkipsIdle ? WaitsOf(times, origin) : [];
        var speed = Math.Clamp(double.IsFinite(settings.Speed) ? settings.Speed : 1, PlaybackSettings.Slowest, PlaybackSettings.Fastest);
        var stretch = 1d;
        if (settings.Fit is { } fit && fit > TimeSpan.Zero && length > TimeSpan.Zero)
        {
            speed = SpeedFor(length, waits, fit);
            stretch = Math.Min(1, fit / PlayLengthOf(length, waits, speed));
        }

        var segments = ImmutableArray.CreateBuilder<PlaybackSegment>();
        var (run, play) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var (from, to) in waits)
        {
            if (IsPassed(to - from, speed))
            {
                Add(from, (from - run) / speed * stretch, null);
                Add(to, PassedIn(to - from) * stretch, reasons.Between(origin + from, origin + to));
            }
        }

        Add(length, (length - run) / speed * stretch, null);
        return new PlaybackClock(origin, segments.ToImmutable(), settings, speed / stretch);

        void Add(TimeSpan to, TimeSpan takes, WaitReason? wait)
        {
            if (to > run || segments.Count == 0)
            {
                segments.Add(new PlaybackSegment(run, to, play, play + takes, wait));
                (run, play) = (to, play + takes);
            }
        }
    }

    /// <summary>What is shown of the run after it was played for a time: a moment of the run, never before its first or after its newest event.</summary>
    public DateTimeOffset RunAt(TimeSpan play)
    {
        // A jump at the beginning is not yet over.
        if (play <= TimeSpan.Zero)
        {
            return Origin;
        }

        foreach (var segment in Segments)
        {
            if (play < segment.PlayTo)
            {
                var part = play <= segment.PlayFrom ? 0 : (play - segment.PlayFrom) / (segment.PlayTo - segment.PlayFrom);
                return Origin + segment.RunFrom + (segment.RunLength * part);
            }
        }

        return Origin + RunLength;
    }

    /// <summary>For how long the run is played until it has come to a moment.</summary>
    public TimeSpan PlayAt(DateTimeOffset run)
    {
        var at = run - Origin;
        foreach (var segment in Segments)
        {
            if (at < segment.RunTo)
            {
                var part = at <= segment.RunFrom ? 0 : (at - segment.RunFrom) / segment.RunLength;
                return segment.PlayFrom + ((segment.PlayTo - segment.PlayFrom) * part);
            }
        }

        return PlayLength;
    }

    // Those that are passed at the slowest speed: the others never are.
    private static List<(TimeSpan From, TimeSpan To)> WaitsOf(EventTimes times, DateTimeOffset origin)
    {
        var waits = new List<(TimeSpan, TimeSpan)>();
        var before = TimeSpan.Zero;
        for (var seq = 2; seq <= times.Count; seq++)
        {
            var at = times.TimeOf(seq)!.Value - origin;
            if (IsPassed(at - before, PlaybackSettings.Slowest))
            {
                waits.Add((before, at));
            }

            before = at;
        }

        return waits;
    }

    private static bool IsPassed(TimeSpan wait, double speed) => wait > LongestPlayedWait * Math.Max(speed, PlaybackSettings.Slowest);

    private static TimeSpan PassedIn(TimeSpan wait) => wait > LongestPassedWait ? TimeSpan.Zero : PassedWait;

    private static TimeSpan PlayLengthOf(TimeSpan length, List<(TimeSpan From, TimeSpan To)> waits, double speed)
    {
        var (played, passed) = (length, TimeSpan.Zero);
        foreach (var (from, to) in waits)
        {
            if (IsPassed(to - from, speed))
            {
                played -= to - from;
                passed += PassedIn(to - from);
            }
        }

        return (played / speed) + passed;
    }

    // The fastest one found that takes no less than asked for: what is left over shortens everything alike. A run of nothing but waits may
    // have none, and is then played in less.
    private static double SpeedFor(TimeSpan length, List<(TimeSpan From, TimeSpan To)> waits, TimeSpan fit)
    {
        var (slow, fast) = (SlowestFit, FastestFit);
        for (var step = 0; step < FitSteps; step++)
        {
            var middle = Math.Sqrt(slow * fast);
            (slow, fast) = PlayLengthOf(length, waits, middle) >= fit ? (middle, fast) : (slow, middle);
        }

        return slow;
    }
}
