using System.Globalization;
using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Chapters;
using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Replay.Stops;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.RunScreen.Comments;
using Copilot.Web.Components.RunScreen.Lanes;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs.Comments;

namespace Copilot.Web.Components.RunScreen.Player;

/// <summary>What the player's bar is drawn from: a run's clock, with its waits, chapters and marks where the clock puts them.</summary>
internal sealed class PlayerTrack(TimelineNames names)
{
    private const int MostNotes = 200;

    // What was waited for is read once: it never changes.
    private readonly Dictionary<TimeSpan, string> _known = [];
    private Dictionary<TimeSpan, string> _notes = [];
    private RunLanes _lanes = RunLanes.Empty;
    private RunStops _ownStops = RunStops.Empty;
    private IReadOnlyList<CommentThread> _threads = [];
    private SeqRange? _range;
    private WaitReasons _reasons = new(TimelineState.Empty, RunLanes.Empty);

    /// <summary>The run that was read last; null before the first.</summary>
    public TimelineState? State { get; private set; }

    /// <summary>When its events came.</summary>
    public EventTimes Times { get; private set; } = EventTimes.Empty;

    /// <summary>From the time of playing to the time of the run.</summary>
    public PlaybackClock Clock { get; private set; } = PlaybackClock.Empty;

    /// <summary>What can be stepped to.</summary>
    public RunStops Stops { get; private set; } = RunStops.Empty;

    /// <summary>The waits, as bands on the bar.</summary>
    public IReadOnlyList<PlayerWait> Waits { get; private set; } = [];

    /// <summary>Chapters and marks on the bar.</summary>
    public IReadOnlyList<PlayerPlace> Places { get; private set; } = [];

    /// <summary>Where people have commented, on the bar.</summary>
    public IReadOnlyList<PlayerPlace> Comments { get; private set; } = [];

    /// <summary>The events that are measured, on the bar; null for none.</summary>
    public PlayerStretch? Stretch { get; private set; }

    /// <summary>The pieces of the clock as the script reads them: from and to in the run, from and to in playing (milliseconds), the note of a wait.</summary>
    public IEnumerable<object?[]> Segments => Clock.Segments.Select(segment => new object?[]
    {
        segment.RunFrom.TotalMilliseconds, segment.RunTo.TotalMilliseconds, segment.PlayFrom.TotalMilliseconds, segment.PlayTo.TotalMilliseconds,
        segment.Wait is null ? null : _notes.GetValueOrDefault(segment.RunFrom),
    });

    /// <summary>Reads a run, or what has become of it.</summary>
    public void Read(TimelineState state, EventTimes times, PlaybackSettings settings)
    {
        (State, Times) = (state, times);
        _lanes = RunLanes.Of(state);
        _ownStops = RunStops.Of(state, _lanes);
        _reasons = new WaitReasons(state, _lanes);
        Apply(settings);
    }

    /// <summary>Takes what people have said about the run, which is no part of it.</summary>
    public void Mark(IReadOnlyList<CommentThread> threads)
    {
        _threads = threads;
        Stops = _ownStops.WithComments(threads.Select(thread => thread.Seq));
        Comments =
        [
            .. threads.Where(thread => Times.Count > 0).Select(thread => new PlayerPlace(
                thread.IsOpen ? "player-comment" : "player-comment player-comment-settled", Left(Times.TimeOf(thread.Seq)!.Value), CommentsText.Mark(thread))),
        ];
    }

    /// <summary>Makes the clock anew for other settings.</summary>
    public void Apply(PlaybackSettings settings)
    {
        Clock = PlaybackClock.Of(Times, _reasons, settings);
        _notes = Clock.Waits.OrderByDescending(wait => wait.RunLength).Take(MostNotes).ToDictionary(wait => wait.RunFrom, NoteOf);
        var length = Math.Max(1, Clock.PlayLength.TotalMilliseconds);
        Waits =
        [
            .. Clock.Waits.Where(wait => _notes.ContainsKey(wait.RunFrom)).Select(wait => new PlayerWait(
                wait.Wait!.Value.ToString().ToLowerInvariant(),
                Percent(wait.PlayFrom.TotalMilliseconds / length),
                Percent((wait.PlayTo - wait.PlayFrom).TotalMilliseconds / length),
                _notes[wait.RunFrom])),
        ];
        Places =
        [
            .. RunChapters.Of(State ?? TimelineState.Empty).Select(chapter => new PlayerPlace(
                chapter.Failed > 0 ? "player-chapter player-chapter-failed" : "player-chapter",
                Left(Times.TimeOf(chapter.Seq) ?? chapter.At),
                LaneText.Of(chapter, names))),
            .. _lanes.Marks.Select(mark => new PlayerPlace($"player-mark player-mark-{mark.Kind.ToString().ToLowerInvariant()}", Left(Times.TimeOf(mark.Seq) ?? mark.At), "")),
        ];
        Mark(_threads);
        Measure(_range);
    }

    /// <summary>Where a moment stands on the bar, as a CSS length.</summary>
    public string Left(DateTimeOffset at) => Percent(PartOf(at));

    /// <summary>How much of the bar a stretch takes, as a CSS length.</summary>
    public string Width(DateTimeOffset from, DateTimeOffset to) => Percent(PartOf(to) - PartOf(from));

    /// <summary>Measures these events, or none.</summary>
    public void Measure(SeqRange? range)
    {
        _range = range;
        if (range is not { } measured || Times.TimeOf(measured.First) is not { } from || Times.TimeOf(measured.Last) is not { } to)
        {
            Stretch = null;
            return;
        }

        var known = Stretch?.Measured;
        Stretch = new PlayerStretch(
            Left(from), Width(from, to), known?.Range == range && known.To == to ? known : RunStretch.Of(State ?? TimelineState.Empty, _lanes, Times, measured));
    }

    private static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(part, 0, 1) * 100:0.###}%");

    private string NoteOf(PlaybackSegment wait)
    {
        if (!_known.TryGetValue(wait.RunFrom, out var note))
        {
            _known[wait.RunFrom] = note = PlayerText.Wait(
                wait, TimelineClip.At(State ?? TimelineState.Empty, Times.SeqAt(Clock.Origin + wait.RunFrom)).Activity, names);
        }

        return note;
    }

    private double PartOf(DateTimeOffset at) => Clock.PlayLength > TimeSpan.Zero ? Clock.PlayAt(at) / Clock.PlayLength : 0;
}
