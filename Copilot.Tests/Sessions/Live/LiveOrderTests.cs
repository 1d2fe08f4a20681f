using System.Collections.Immutable;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Tests.Storage;
using Copilot.Web.Sessions.Live;
using Copilot.Web.Supervision;

namespace Copilot.Tests.Sessions.Live;

public sealed class LiveOrderTests
{
    private readonly LiveOrder _order = new();

    [Fact]
    public void Arrange_Rows_StandUnderTheirGroups_WithPinsOnTop()
    {
        _order.Arrange([Row("p")], [Waiting("a"), Row("b"), Row("c")]);

        Assert.Equal([null, AttentionGroup.NeedsPerson, AttentionGroup.Working], _order.Sections.Select(section => section.Group));
        Assert.Equal("p a b c", Shown());
    }

    [Fact]
    public void Hold_RowBecomesUrgent_StaysWhereItIs_AndIsCounted()
    {
        _order.Arrange([], [Row("a"), Row("b")]);
        var urgent = Waiting("b");

        _order.Hold([], [urgent, Row("a")]);

        Assert.Equal("a b", Shown());
        Assert.Same(urgent, _order.Sections[0].Rows[1]);
        Assert.Equal(1, _order.Waiting);
        _order.Arrange([], [urgent, Row("a")]);
        Assert.Equal("b a", Shown());
        Assert.Equal(0, _order.Waiting);
    }

    [Fact]
    public void Hold_RowsComeAndGo_TheOthersStay_NewOnesAreLast()
    {
        _order.Arrange([], [Row("a"), Row("b")]);

        _order.Hold([], [Waiting("new"), Row("b")]);
        _order.Hold([], [Waiting("new"), Waiting("newer"), Row("b")]);

        Assert.Equal("a b new newer", Shown());
        Assert.True(_order.Sections[^1].IsNew);
        Assert.True(_order.Waiting > 0);
    }

    [Fact]
    public void Hold_ManyRowsComeAndGoUnderAPointerThatWasLeftThere_DoNotPileUp()
    {
        _order.Arrange([], [Row("first")]);

        for (var number = 0; number < 5 * LiveOrder.MaxGone; number++)
        {
            _order.Hold([], [Row($"run{number}")]);
            Assert.InRange(_order.Sections.Sum(section => section.Rows.Length), 1, LiveOrder.MaxGone + 1);
        }

        Assert.Contains($"run{(5 * LiveOrder.MaxGone) - 1}", Shown().Split(' '));
    }

    [Fact]
    public void Hold_NothingElseStands_NothingWaits()
    {
        _order.Arrange([Row("p")], [Waiting("a"), Row("b")]);

        _order.Hold([Row("p")], [Waiting("a"), Row("b")]);

        Assert.Equal(0, _order.Waiting);
    }

    private string Shown() => string.Join(' ', _order.Sections.SelectMany(section => section.Rows).Select(row => row.RunId["run_".Length..]));

    private static LiveRow Waiting(string name) => Row(new FakeRun(name).Summary with { Status = RunStatus.Waiting });

    private static LiveRow Row(string name) => Row(new FakeRun(name).Summary with { Status = RunStatus.Running });

    private static LiveRow Row(RunSummary run) =>
        new(run, RunAssessment.Of(run, FakeRun.Start, new SupervisionOptions().For("Copilot"))) { PersonName = "Una", TeamName = "Default", Watchers = ImmutableArray<RunWatcher>.Empty };
}
