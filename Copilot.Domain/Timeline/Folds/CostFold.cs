using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds what a run costs and what it may cost.</summary>
internal static class CostFold
{
    /// <summary>The run's sum after any event.</summary>
    public static TimelineState Sum(TimelineState state, RunEvent e) =>
        state with { Costs = state.Costs.Set(e.Mark(), RunCostFold.Apply(state.Cost, e)) };

    /// <summary>The state after a cost or budget event.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, RunEventPayload payload) => payload switch
    {
        CostRecorded recorded => Recorded(state, e, recorded),
        BudgetReached reached => state.Add(new BudgetItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            IsRaised = false,
            Asks = reached.Then is OnBudget.Ask,
            AmountMicros = reached.SpentMicros ?? 0,
            BudgetMicros = reached.BudgetMicros ?? 0,
            Currency = reached.Currency,
            Timeout = reached.Timeout,
        }),
        BudgetRaised raised => state.Add(new BudgetItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            IsRaised = true,
            AmountMicros = raised.ByMicros ?? 0,
            BudgetMicros = raised.BudgetMicros ?? 0,
            Currency = raised.Currency,
            Actor = e.Actor,
            Reason = raised.Reason,
        }),
        _ => state,
    };

    // What was paid for anything but a response of the run is in the sum and has no line of its own.
    private static TimelineState Recorded(TimelineState state, RunEvent e, CostRecorded recorded) =>
        recorded.ResponseId is { } id
        && state.Index.Responses.TryGetValue(id, out var ordinal)
        && state.Items[ordinal] is AttemptItem attempt
            ? state.Replace(e.Mark(), attempt with
            {
                Cost = attempt.Cost.Set(e.Mark(), new ResponseCost(recorded.AmountMicros, recorded.Currency)),
            })
            : state;
}
