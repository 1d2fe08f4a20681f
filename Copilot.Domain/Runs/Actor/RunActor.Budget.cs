using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor;

/// <summary>What a run may cost. The budget is held to before each request, never in the middle of a response.</summary>
internal sealed partial class RunActor
{
    private const string BudgetExceeded = "budget_exceeded";

    /// <summary>The agent's limits with the budget that counts: the lowest of what was set and what the person asked for.</summary>
    private AgentSnapshot WithBudget(AgentSnapshot agent, long? asked)
    {
        var set = agent.BudgetMicros ?? (_options.Budget is { } budget ? Money.ToMicros(budget) : null);
        var micros = asked < set ? asked : set ?? asked;
        return micros is null
            ? agent
            : agent with { BudgetMicros = micros, BudgetCurrency = _prices.Currency, OnBudget = agent.OnBudget ?? _options.OnBudget };
    }

    /// <summary>Returns when the next request may be sent.</summary>
    /// <exception cref="RunEndingException">The budget is used up, and the run ends.</exception>
    private async Task HoldToBudgetAsync()
    {
        while (Summary.Budget is { } budget && (budget.ReachedAt is not null || budget.IsUsedUp(Summary.CostSoFar)))
        {
            if (budget.ReachedAt is null)
            {
                Recorder.Record(new BudgetReached(
                    Summary.CostSoFar.Micros,
                    budget.LimitMicros,
                    Summary.CostSoFar.NextAtLeastMicros,
                    budget.Currency,
                    budget.Then,
                    budget.Then is OnBudget.Ask ? _options.BudgetDecisionTimeout : null));
                LogBudgetReached(Summary.RunId, Summary.CostSoFar.Micros, budget.LimitMicros);
            }

            // The next step relies on it: neither the end nor the question may be seen without its reason.
            await Recorder.Committed.ConfigureAwait(false);
            if (budget.Then is OnBudget.Stop)
            {
                throw new RunEndingException(new RunEnd.Failed(new RunError(
                    BudgetExceeded,
                    SpentWords(budget),
                    "Everything so far is saved. Ask for less at once, or ask for a higher budget, then try again.")));
            }

            await WaitForBudgetAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits until a person raises the budget. After a restart it waits again for what is left of the time, and the question that is
    /// in the log is not asked twice.
    /// </summary>
    private async Task WaitForBudgetAsync()
    {
        var asked = Summary.Budget!;
        var left = asked.ReachedAt!.Value + (asked.Timeout ?? _options.BudgetDecisionTimeout) - _time.GetUtcNow();
        var over = new RunMessage.WaitOver();
        await using var timer = _time.CreateTimer(
            _ => Post(over), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        _limit?.Pause();
        Recorder.Record(new RunWaiting(SpentWords(asked)));
        await Recorder.Committed.ConfigureAwait(false);
        while (true)
        {
            switch (await ReceiveAsync().ConfigureAwait(false))
            {
                case RunMessage.WaitOver waited when ReferenceEquals(waited, over):
                    throw new RunEndingException(new RunEnd.Failed(new RunError(
                        BudgetExceeded,
                        $"{SpentWords(asked)} {RunErrors.BudgetNotRaised}",
                        "Everything so far is saved. Ask for a higher budget, then try again.")));
                case RunMessage.Commanded { Command: RunCommand.RaiseBudget }:
                    Recorder.Record(new RunResumed($"The budget is {Money.Format(Summary.Budget!.LimitMicros, asked.Currency)} now."));
                    await Recorder.Committed.ConfigureAwait(false);
                    _limit?.Go();
                    return;
            }
        }
    }

    /// <summary>Raises the budget: by so much more than it is, or than was spent where that is more. A run without one has nothing to raise.</summary>
    private void Raise(RunCommand.RaiseBudget raise)
    {
        if (Summary is not { Budget: { } budget } || Summary.Status.IsSettled())
        {
            return;
        }

        var raised = Money.Add(Math.Max(budget.LimitMicros, Summary.CostSoFar.Micros), raise.AmountMicros);
        Recorder.RecordBy(raise.Actor, new BudgetRaised(raise.AmountMicros, raised, budget.Currency));
    }

    private string SpentWords(RunBudget budget)
    {
        var cost = Summary.CostSoFar;
        var words = $"The run has cost {(cost.IsPartial ? "at least " : "")}{Money.Format(cost.Micros, budget.Currency)} of its budget of "
            + $"{Money.Format(budget.LimitMicros, budget.Currency)}";
        return budget.LeftAfter(cost) <= 0
            ? words + "."
            : $"{words}, and the next response would cost at least {Money.Format(cost.NextAtLeastMicros, budget.Currency)}.";
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId} has spent {SpentMicros} of its budget of {BudgetMicros} micro-units")]
    private partial void LogBudgetReached(string runId, long spentMicros, long budgetMicros);
}
