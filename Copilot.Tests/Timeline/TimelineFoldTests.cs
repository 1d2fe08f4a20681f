using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;

namespace Copilot.Tests.Timeline;

public sealed class TimelineFoldTests
{
    public static TheoryData<string> Names => Recordings.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Clip_AtEveryEvent_EqualsFoldingOnlyTheEventsUpToIt(string name)
    {
        var events = Recordings.All[name];
        var whole = TimelineReducer.Apply(TimelineState.Empty, events);
        var folded = TimelineState.Empty;
        Assert.Equal(TimelineDump.Of(folded), TimelineDump.Of(TimelineClip.At(whole, 0)));
        foreach (var e in events)
        {
            folded = TimelineReducer.Apply(folded, e);
            Assert.Equal(TimelineDump.Of(folded), TimelineDump.Of(TimelineClip.At(whole, e.Seq)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_GoesOnFromAClippedState_EndsInTheSameState(string name)
    {
        var events = Recordings.All[name];
        var whole = TimelineReducer.Apply(TimelineState.Empty, events);
        var expected = TimelineDump.Of(whole);
        foreach (var cut in Enumerable.Range(1, events.Count).Where(n => n % 3 == 0))
        {
            var resumed = TimelineReducer.Apply(TimelineClip.At(whole, cut), events.Skip(cut));
            Assert.Equal(expected, TimelineDump.Of(resumed));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_InBatchesOfAnySize_EqualsOneByOne(string name)
    {
        var events = Recordings.All[name];
        var expected = TimelineDump.Of(events.Aggregate(TimelineState.Empty, TimelineReducer.Apply));
        foreach (var size in new[] { 2, 3, 7, 50 })
        {
            var state = events.Chunk(size).Aggregate(TimelineState.Empty, TimelineReducer.Apply);
            Assert.Equal(expected, TimelineDump.Of(state));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_TheSameEventsTwice_ChangesNothing(string name)
    {
        var events = Recordings.All[name];
        var state = TimelineReducer.Apply(TimelineState.Empty, events);
        Assert.Same(state, TimelineReducer.Apply(state, events));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_EveryEvent_KeepsTheReferencesOfItemsItDoesNotTouch(string name)
    {
        var state = TimelineState.Empty;
        foreach (var e in Recordings.All[name])
        {
            var next = TimelineReducer.Apply(state, e);
            for (var index = 0; index < state.Items.Count; index++)
            {
                var touched = !ReferenceEquals(state.Items[index], next.Items[index]);
                Assert.Equal(touched, next.Items[index].ToSeq == e.Seq + 1);
                Assert.Equal(index, next.Items[index].Ordinal);
            }

            state = next;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_ForgottenPayloads_NeverThrowsAndKeepsTheEnd(string name)
    {
        var forgotten = Recordings.All[name].Select(e => new RunEvent
        {
            RunId = e.RunId,
            Seq = e.Seq,
            At = e.At,
            Source = e.Source,
            Actor = e.Actor,
            Type = e.Type,
            ResponseId = e.ResponseId,
            CallId = e.CallId,
            Data = ReadOnlyMemory<byte>.Empty,
            Salt = ReadOnlyMemory<byte>.Empty,
            PayloadDigest = e.PayloadDigest,
            Hash = e.Hash,
        }).ToList();
        var state = TimelineReducer.Apply(TimelineState.Empty, forgotten);
        Assert.Equal(TimelineReducer.Apply(TimelineState.Empty, Recordings.All[name]).Status, state.Status);
        Assert.Empty(state.AnswerText);
    }

    [Fact]
    public void Apply_MutilatedEvents_NeverThrows()
    {
        var random = new Random(20261123);
        foreach (var recording in Recordings.All.Values)
        {
            var state = TimelineState.Empty;
            foreach (var e in recording.Concat(recording))
            {
                var data = e.Data.ToArray();
                for (var times = 0; times < 3 && data.Length > 0; times++)
                {
                    data[random.Next(data.Length)] = (byte)random.Next(32, 127);
                }

                state = TimelineReducer.Apply(state, new RunEvent
                {
                    RunId = e.RunId,
                    Seq = state.HeadSeq + random.Next(1, 3),
                    At = e.At,
                    Source = e.Source,
                    Type = e.Type,
                    ResponseId = random.Next(4) == 0 ? null : e.ResponseId,
                    CallId = random.Next(4) == 0 ? null : e.CallId,
                    Data = data,
                    Salt = e.Salt,
                    PayloadDigest = e.PayloadDigest,
                    Hash = e.Hash,
                });
                Assert.NotNull(state.Activity);
            }

            Assert.NotEmpty(TimelineDump.Of(state));
        }
    }
}
