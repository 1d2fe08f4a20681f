using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;

namespace Copilot.Tests.Timeline;

public sealed class CostFoldTests
{
    [Fact]
    public void Apply_ARunWithABudget_ShowsWhatEachResponseAndTheRunCost()
    {
        var state = TimelineReducer.Apply(TimelineState.Empty, Recordings.Budget().Events);

        var attempts = state.Items.OfType<AttemptItem>().ToArray();
        Assert.Equal([new ResponseCost(12_345, "EUR"), null, new ResponseCost(null, "EUR")], attempts.Select(attempt => attempt.Cost.Current));
        Assert.Equal(12_345, state.Cost.Micros);
        Assert.True(state.Cost.IsPartial);
        Assert.Equal(1, state.Cost.Cut);
        Assert.Equal(1, state.Cost.Unpriced);
        Assert.Equal(state.Cost, state.End!.Cost);
        Assert.Equal(
            [(false, 12_345L, 10_000L), (true, 10_000L, 22_345L)],
            state.Items.OfType<BudgetItem>().Select(item => (item.IsRaised, item.AmountMicros, item.BudgetMicros)));
    }

    [Fact]
    public void OpenBudget_WhileItWaits_IsTheQuestionAndNothingBeforeOrAfter()
    {
        var log = Recordings.Budget();
        var whole = TimelineReducer.Apply(TimelineState.Empty, log.Events);
        var waiting = log.Events.Single(e => e.Type == RunEventTypes.RunWaiting).Seq;

        Assert.Null(TimelineClip.At(whole, waiting - 1).OpenBudget());
        Assert.Equal(TimeSpan.FromMinutes(30), TimelineClip.At(whole, waiting).OpenBudget()?.Timeout);
        Assert.Null(TimelineClip.At(whole, waiting + 1).OpenBudget());
        Assert.Equal(10_000, whole.BudgetStep());
    }

    [Fact]
    public void Apply_LogFromBeforeCosts_IsUnknown()
    {
        var state = TimelineReducer.Apply(TimelineState.Empty, Recordings.Booking().Events);

        Assert.True(state.End!.Cost.IsUnknown);
    }

    [Fact]
    public void Apply_AnyRecording_SumsAsTheSummaryDoes()
    {
        foreach (var events in Recordings.All.Values.Where(events => events[0].Type == RunEventTypes.RunCreated))
        {
            var state = TimelineReducer.Apply(TimelineState.Empty, events);

            Assert.Equal(events.Aggregate((RunSummary?)null, RunSummaryFold.Apply)!.CostSoFar, state.Cost);
        }
    }
}
