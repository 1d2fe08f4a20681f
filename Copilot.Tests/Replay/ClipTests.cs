using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Golden;

namespace Copilot.Tests.Replay;

/// <summary>A replay clips the final state: at every event of every recorded run it must be what who watched had before them.</summary>
public sealed class ClipTests
{
    public static TheoryData<string> Logs => [.. GoldenLog.Names];

    [Theory]
    [MemberData(nameof(Logs))]
    public void Clip_AtEveryEventOfEveryGoldenLog_IsWhatTheEventsUpToItFoldTo(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var whole = TimelineReducer.Apply(TimelineState.Empty, run);
            var live = TimelineState.Empty;
            foreach (var runEvent in run)
            {
                live = TimelineReducer.Apply(live, runEvent);
                var clipped = TimelineClip.At(whole, runEvent.Seq);

                Assert.Equal(Facts(live), Facts(clipped));
                Assert.Equal(Asked(live), Asked(clipped));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void Clip_OfAClip_IsTheClip(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var whole = TimelineReducer.Apply(TimelineState.Empty, run);
            for (var seq = 1; seq < run.Count; seq += 7)
            {
                Assert.Equal(Facts(TimelineClip.At(whole, seq)), Facts(TimelineClip.At(TimelineClip.At(whole, seq + 3), seq)));
            }
        }
    }

    private static string Facts(TimelineState state)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            GoldenTimeline.Write(json, state);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // What pages ask of a state: answers, what it does now, and what people are asked.
    private static string Asked(TimelineState state) => string.Join(
        '\n',
        state.AnswerText,
        state.Activity,
        TimelineSteps.Of(state),
        string.Join(',', state.Approvals),
        string.Join(',', state.Questions.Select(one => $"{one.CallId} {one.Question} {one.Since:O}")),
        state.TakenOver?.FromSeq,
        state.Paused?.FromSeq,
        state.CreatedAt,
        state.StartedAt,
        state.EndedAt,
        string.Join(',', state.ToolCalls.Select(call => $"{call.Ordinal} {call.State} {call.StartedAt:O} {call.Deadline} {call.Duration} {call.Output}")));
}
