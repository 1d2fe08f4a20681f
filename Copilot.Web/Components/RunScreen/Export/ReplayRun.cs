using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Chapters;
using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.RunScreen.Lanes;
using Copilot.Web.Components.RunScreen.Player;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Export;

/// <summary>A line and the event that made it: seq, what it says, how it looks.</summary>
/// <param name="Q">Seq of the event.</param>
/// <param name="S">What the line says from then on.</param>
/// <param name="T">How it looks.</param>
internal sealed record ReplayStep(long Q, string S, string T);

/// <summary>An entry of the timeline.</summary>
/// <param name="F">Seq of the event that it begins with.</param>
/// <param name="K">What it is.</param>
/// <param name="X">Seq of the event from which it no longer counts; null where it does.</param>
/// <param name="H">Its line, as it was from event to event.</param>
/// <param name="B">Its texts.</param>
internal sealed record ReplayEntry(long F, string K, long? X, IReadOnlyList<ReplayStep> H, IReadOnlyList<ReplayText> B);

/// <summary>
/// One run in a file that plays without a server. The fold is that of the screens; the script of the file only clips what was made here.
/// </summary>
/// <param name="Title">Its question.</param>
/// <param name="From">When it began, for people.</param>
/// <param name="First">Seq of the first event that is played.</param>
/// <param name="Times">When each event happened from there on, in milliseconds from the first.</param>
/// <param name="Segments">The clock: beginning and end in the run and in playing, in milliseconds, and what was waited for.</param>
/// <param name="Entries">The timeline.</param>
/// <param name="Chapters">Seq and words of each chapter.</param>
/// <param name="Statuses">The run's status, as it was from event to event.</param>
internal sealed record ReplayRun(
    string Title,
    string From,
    long First,
    IReadOnlyList<double> Times,
    IReadOnlyList<object?[]> Segments,
    IReadOnlyList<ReplayEntry> Entries,
    IReadOnlyList<object[]> Chapters,
    IReadOnlyList<ReplayStep> Statuses)
{
    /// <summary>Folds a run for a file.</summary>
    /// <param name="events">All its events, redacted where they are to be.</param>
    /// <param name="clip">The events to play; null for all. What was over before they began is not in the file.</param>
    /// <param name="names">What people and tools are called.</param>
    /// <param name="zone">The zone in which its beginning is told.</param>
    public static ReplayRun Of(IReadOnlyList<RunEvent> events, SeqRange? clip, TimelineNames names, TimeZoneInfo zone)
    {
        var state = TimelineReducer.Apply(TimelineState.Empty, events);
        var first = Math.Clamp(clip?.First ?? 1, 1, Math.Max(1, state.HeadSeq));
        state = TimelineClip.At(state, Math.Max(first, clip?.Last ?? state.HeadSeq));
        var played = events.Where(one => one.Seq >= first && one.Seq <= state.HeadSeq).ToList();

        // The clock of what is played begins with it.
        var times = EventTimes.Empty.Apply([.. played.Select(one => Renumbered(one, first))]);
        var origin = times.Origin ?? default;
        var lanes = RunLanes.Of(state);
        var clock = PlaybackClock.Of(times, new WaitReasons(state, lanes), PlaybackSettings.Default);
        return new ReplayRun(
            state.Items.OfType<UserMessageItem>().FirstOrDefault()?.Text is { Length: > 0 } question ? question : ExportText.Untitled,
            RunScreenText.Moment(origin, zone),
            first,
            [.. Enumerable.Range(1, times.Count).Select(seq => (times.TimeOf(seq)!.Value - origin).TotalMilliseconds)],
            [
                .. clock.Segments.Select(segment => new object?[]
                {
                    segment.RunFrom.TotalMilliseconds, segment.RunTo.TotalMilliseconds, segment.PlayFrom.TotalMilliseconds, segment.PlayTo.TotalMilliseconds,
                    segment.Wait is null
                        ? null
                        : PlayerText.Wait(segment, TimelineClip.At(state, first - 1 + times.SeqAt(origin + segment.RunFrom)).Activity, names),
                }),
            ],
            [.. state.Items.Where(item => item.ToSeq > first || item is UserMessageItem).Select(item => EntryOf(item, names))],
            [.. RunChapters.Of(state).Where(chapter => chapter.Seq >= first).Select(chapter => new object[] { chapter.Seq, LaneText.Of(chapter, names) })],
            [.. state.Statuses.Steps.Select(step => new ReplayStep(step.Seq, RunScreenText.Status(step.Value), ""))]);
    }

    private static ReplayEntry EntryOf(TimelineItem item, TimelineNames names)
    {
        var steps = new List<ReplayStep>();
        foreach (var seq in ReplayLine.ChangesOf(item))
        {
            if (item.Clip(seq) is { } then && new ReplayStep(seq, ReplayLine.Of(then, names), ReplayLine.ToneOf(then)) is var step
                && (steps.Count == 0 || steps[^1].S != step.S || steps[^1].T != step.T))
            {
                steps.Add(step);
            }
        }

        return new ReplayEntry(item.FromSeq, KindOf(item), item.Superseded?.Seq, steps, [.. ReplayText.Of(item)]);
    }

    private static string KindOf(TimelineItem item) => item switch
    {
        UserMessageItem => "asked",
        AnswerItem { IsCommentary: false } => "answer",
        SteerItem or InterventionItem => "person",
        ToolCallItem or HostedToolItem => "tool",
        _ => "step",
    };

    private static RunEvent Renumbered(RunEvent one, long first) => first == 1 ? one : new RunEvent
    {
        RunId = one.RunId,
        Seq = one.Seq - first + 1,
        At = one.At,
        Source = one.Source,
        Type = one.Type,
        Data = one.Data,
        Salt = one.Salt,
        PayloadDigest = one.PayloadDigest,
        Hash = one.Hash,
    };
}
