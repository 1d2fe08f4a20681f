using Copilot.Domain.Runs.Events;
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
    public static TimelineState Apply(TimelineState state, RunEvent e, EventData data) => e.Type switch
    {
        RunEventTypes.CostRecorded => Recorded(state, e, data),
        RunEventTypes.BudgetReached => state.Add(new BudgetItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            IsRaised = false,
            Asks = data.Text("then") == "ask",
            AmountMicros = data.Number("spent_micros") ?? 0,
            BudgetMicros = data.Number("budget_micros") ?? 0,
            Currency = data.Text("currency"),
            Timeout = data.Milliseconds("timeout_ms"),
        }),
        _ => state.Add(new BudgetItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            IsRaised = true,
            AmountMicros = data.Number("by_micros") ?? 0,
            BudgetMicros = data.Number("budget_micros") ?? 0,
            Currency = data.Text("currency"),
            Actor = e.Actor,
        }),
    };

    // What was paid for anything but a response of the run is in the sum and has no line of its own.
    private static TimelineState Recorded(TimelineState state, RunEvent e, EventData data) =>
        data.Text("response_id") is { } id
        && state.Index.Responses.TryGetValue(id, out var ordinal)
        && state.Items[ordinal] is AttemptItem attempt
            ? state.Replace(e.Mark(), attempt with
            {
                Cost = attempt.Cost.Set(e.Mark(), new ResponseCost(data.Number("amount_micros"), data.Text("currency"))),
            })
            : state;
}
