using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components.RunScreen.Lanes;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Tests.Components.RunScreen.Lanes;

public sealed class LaneDrawingTests
{
    private readonly RunLogBuilder _log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1").Call(0, "fc_1", "call_1", "stock_search", "{}").Complete("resp_1")
        .Own(RunEventTypes.ToolRequested, new { name = "stock_search", arguments = "{}", read_only = true }, "call_1")
        .Own(RunEventTypes.ToolStarted, new { name = "stock_search", deadline_ms = 30000 }, "call_1");

    private TimelineState _state = TimelineState.Empty;

    [Fact]
    public void Next_Again_SendsOnlyTheBarsThatChanged()
    {
        var drawing = new LaneDrawing(TimelineNames.None, isTechnical: true);
        var all = Next(drawing);
        Assert.Equal(["m2", "t3", "p0", "c1"], Ids(all));
        Assert.NotNull(all.Counts);
        Assert.NotNull(all.Marks);

        Assert.Empty(Next(drawing).Bars);

        _log.Own(RunEventTypes.ToolCompleted, new { name = "stock_search", output = "none", duration_ms = 5 }, "call_1");
        var changed = Next(drawing);
        Assert.Equal(["t3"], Ids(changed));
        Assert.Null(changed.Marks);

        // The overview's stretches are counted on, not again.
        Assert.Equal(0, all.CountsFrom);
        var density = EventDensity.Empty.Apply(_log.Events);
        Assert.Equal(density.Counts, all.Counts!.Take(changed.CountsFrom).Concat(changed.Counts!));
        Assert.True(changed.Counts!.Count < density.LastSeqs.Length);
    }

    [Fact]
    public void Next_ForWhoIsNotShownHowItWorks_HasNoConnections()
    {
        var update = Next(new LaneDrawing(TimelineNames.None, isTechnical: false));

        Assert.DoesNotContain(update.Bars, bar => (int)bar[1]! == (int)Lane.Transport);
        Assert.Contains(update.Bars, bar => (int)bar[1]! == (int)Lane.Tools);
    }

    private LaneUpdate Next(LaneDrawing drawing)
    {
        _state = TimelineReducer.Apply(_state, _log.Events);
        return drawing.Next(RunLanes.Of(_state), EventDensity.Empty.Apply(_log.Events), _log.Now, grows: true);
    }

    private static IEnumerable<string> Ids(LaneUpdate update) => update.Bars.Select(bar => (string)bar[0]!);
}
