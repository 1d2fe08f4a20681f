using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor;

/// <summary>What a run may cost. The budget is held to before each request, never in the middle of a response.</summary>
internal sealed partial class BudgetGuard(
    RunRecorder recorder, IRunMailbox mailbox, RunLimit limit, TimeProvider time, RunOptions options, ILogger logger)
{
    private const string BudgetExceeded = "budget_exceeded";

    /// <summary>The agent's limits with the budget that counts: the lowest of what was set and what the person asked for.</summary>
    public static AgentSnapshot Limit(AgentSnapshot agent, long? asked, RunOptions options, PriceTable prices)
    {
        var set = agent.BudgetMicros ?? (options.Budget is { } budget ? Money.ToMicros(budget) : null);
        var micros = asked < set ? asked : set ?? asked;
        return micros is null
            ? agent
            : agent with { BudgetMicros = micros, BudgetCurrency = prices.Currency, OnBudget = agent.OnBudget ?? options.OnBudget };
    }

    /// <summary>Returns when the next request may be sent.</summary>
    /// <exception cref="RunEndingException">The budget is used up, and the run ends.</exception>
    public async Task HoldAsync()
    {
        while (recorder.Summary.Budget is { } budget && (budget.ReachedAt is not null || budget.IsUsedUp(recorder.Summary.CostSoFar)))
        {
            if (budget.ReachedAt is null)
            {
                recorder.Record(new BudgetReached(
                    recorder.Summary.CostSoFar.Micros,
                    budget.LimitMicros,
                    recorder.Summary.CostSoFar.NextAtLeastMicros,
                    budget.Currency,
                    budget.Then,
                    budget.Then is OnBudget.Ask ? options.BudgetDecisionTimeout : null));
                LogBudgetReached(recorder.Summary.RunId, recorder.Summary.CostSoFar.Micros, budget.LimitMicros);
            }

            // The next step relies on it: neither the end nor the question may be seen without its reason.
            await recorder.CommitAsync().ConfigureAwait(false);
            if (budget.Then is OnBudget.Stop)
            {
                throw new RunEndingException(new RunEnd.Failed(new RunError(
                    BudgetExceeded,
                    SpentWords(budget),
                    "Everything so far is saved. Ask for less at once, or ask for a higher budget, then try again.")));
            }

            await WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits until a person raises the budget. After a restart it waits again for what is left of the time, and the question that is
    /// in the log is not asked twice.
    /// </summary>
    private async Task WaitAsync()
    {
        var asked = recorder.Summary.Budget!;
        var left = asked.ReachedAt!.Value + (asked.Timeout ?? options.BudgetDecisionTimeout) - time.GetUtcNow();
        var over = new RunMessage.WaitOver();
        await using var timer = time.CreateTimer(
            _ => mailbox.Post(over), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        limit.Pause();
        recorder.Record(new RunWaiting(SpentWords(asked)));
        await recorder.CommitAsync().ConfigureAwait(false);
        while (true)
        {
            switch (await mailbox.ReceiveAsync().ConfigureAwait(false))
            {
                case RunMessage.WaitOver waited when ReferenceEquals(waited, over):
                    throw new RunEndingException(new RunEnd.Failed(new RunError(
                        BudgetExceeded,
                        $"{SpentWords(asked)} {RunErrors.BudgetNotRaised}",
                        "Everything so far is saved. Ask for a higher budget, then try again.")));
                case RunMessage.Asked { Command: RunCommand.RaiseBudget }:
                    recorder.Record(new RunResumed($"The budget is {Money.Format(recorder.Summary.Budget!.LimitMicros, asked.Currency)} now.", UnknownCalls: null));
                    await recorder.CommitAsync().ConfigureAwait(false);
                    limit.Go();
                    return;
            }
        }
    }

    /// <summary>
    /// Raises the budget: by so much more than it is, or than was spent where that is more. False for a run that has none, or has ended.
    /// </summary>
    public bool TryRaise(RunCommand.RaiseBudget raise)
    {
        if (recorder.Summary is not { Budget: { } budget } || recorder.Summary.Status.IsSettled())
        {
            return false;
        }

        var raised = Money.Add(Math.Max(budget.LimitMicros, recorder.Summary.CostSoFar.Micros), raise.AmountMicros);
        recorder.RecordBy(raise.Actor, new BudgetRaised(raise.AmountMicros, raised, budget.Currency) { Reason = raise.Reason });
        return true;
    }

    private string SpentWords(RunBudget budget)
    {
        var cost = recorder.Summary.CostSoFar;
        var has = $"The run has cost {(cost.IsPartial ? "at least " : "")}";
        if (cost.Micros > budget.LimitMicros)
        {
            var (spent, allowed) = Money.Format(cost.Micros, budget.LimitMicros, budget.Currency);
            return $"{has}{spent}, more than its budget of {allowed}.";
        }

        return budget.LeftAfter(cost) <= 0
            ? $"{has}{Money.Format(cost.Micros, budget.Currency)}, which is all of its budget."
            : $"{has}{Money.Format(cost.Micros, budget.Currency)} of its budget of {Money.Format(budget.LimitMicros, budget.Currency)}, "
                + $"and the next response would cost at least {Money.Format(cost.NextAtLeastMicros, budget.Currency)}.";
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId} has spent {SpentMicros} of its budget of {BudgetMicros} micro-units")]
    private partial void LogBudgetReached(string runId, long spentMicros, long budgetMicros);
}
