using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Replay.Stops;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Replay;

/// <summary>What is stepped to beside what the run itself says.</summary>
public sealed class RunStopsTests
{
    [Fact]
    public void WithComments_AreStopsOfTheirOwnAndMarkers()
    {
        var state = TimelineReducer.Apply(TimelineState.Empty, new RunLogBuilder().Begin().Connect().Send(1, "resp_1").Complete("resp_1").Events);
        var own = RunStops.Of(state, RunLanes.Of(state));

        var stops = own.WithComments([4, 2, 4, 0, state.HeadSeq + 1]);

        Assert.Equal(2, stops.Count(StopKind.Comment));
        Assert.Equal(2, stops.From(StopKind.Comment, 1, forward: true));
        Assert.Equal(4, stops.From(StopKind.Comment, 2, forward: true));
        Assert.Null(stops.From(StopKind.Comment, 4, forward: true));
        Assert.Equal(4, stops.From(StopKind.Marker, 3, forward: true));
        Assert.Equal(own.Count(StopKind.Error), stops.Count(StopKind.Error));
        Assert.Equal(0, own.Count(StopKind.Comment));
    }
}
