using System.Text.Json;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>
/// Folds a run's events into its <see cref="RunCost"/>: pure, and total over unknown, erased and old events. A response that reported
/// its usage has an unknown cost until <c>cost.recorded</c> follows; a request that was cut keeps an unknown one for ever.
/// </summary>
public static class RunCostFold
{
    /// <summary>The cost after one more event.</summary>
    public static RunCost Apply(RunCost cost, RunEvent runEvent)
    {
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentNullException.ThrowIfNull(runEvent);
        return runEvent.Source is EventSource.Upstream ? ApplyUpstream(cost, runEvent) : runEvent.Payload switch
        {
            AttemptSent => (cost.Request is CostedRequest.Begun ? Cut(cost) : cost) with { Request = CostedRequest.Sent },
            AttemptSuperseded superseded => Superseded(cost, superseded),
            RunInterrupted or RunCancelled => AfterEnd(cost, isCancelled: true),
            RunCompleted or RunFailed => AfterEnd(cost, isCancelled: false),
            CostRecorded recorded => Recorded(cost, recorded),
            _ => cost,
        };
    }

    /// <summary>The cost once the run has ended. Stopped in the middle, also a request that was only sent may have cost something.</summary>
    internal static RunCost AfterEnd(RunCost cost, bool isCancelled) => cost.Request switch
    {
        CostedRequest.None => cost,
        CostedRequest.Begun => Cut(cost),
        _ when isCancelled => Cut(cost),
        // A request that ended the run before anything came back was refused, or never got through.
        _ => Settled(cost),
    };

    private static RunCost ApplyUpstream(RunCost cost, RunEvent runEvent)
    {
        if (runEvent.Type is "response.completed" or "response.incomplete" or "response.failed" or "response.done")
        {
            return Ended(cost, runEvent);
        }

        if (runEvent.Type is "error")
        {
            return cost.Request is CostedRequest.Begun ? Cut(cost) : Settled(cost);
        }

        // A response that follows a steered one was not requested, and costs something all the same.
        return (cost.Request is CostedRequest.Sent && runEvent.Type.StartsWith("response.", StringComparison.Ordinal))
            || (cost.Request is CostedRequest.None && runEvent.Type is "response.created")
            ? cost with { Request = CostedRequest.Begun }
            : cost;
    }

    private static RunCost Ended(RunCost cost, RunEvent runEvent)
    {
        if (runEvent.IsErased || UsageOf(runEvent) is not null)
        {
            return Settled(cost with { Unpriced = cost.Unpriced + 1 });
        }

        // Without a usage the cost is unknown. A response that failed before it began costs nothing.
        return runEvent.Type is "response.failed" && cost.Request is not CostedRequest.Begun ? Settled(cost) : Cut(cost);
    }

    private static RunCost Superseded(RunCost cost, AttemptSuperseded superseded)
    {
        if (cost.Request is CostedRequest.None)
        {
            return cost;
        }

        return cost.Request is CostedRequest.Begun || superseded.MayBeBilledTwice is true ? Cut(cost) : Settled(cost);
    }

    private static RunCost Recorded(RunCost cost, CostRecorded recorded)
    {
        var ofResponse = recorded.Of is not (CostSubject.Compaction or CostSubject.WarmUp);
        cost = cost with
        {
            Currency = cost.Currency ?? recorded.Currency,
            NextAtLeastMicros = recorded.NextAtLeastMicros ?? 0,
        };
        if (recorded.AmountMicros is not { } micros || recorded.Currency != cost.Currency)
        {
            // A response is counted as unpriced since it ended.
            return ofResponse ? cost : cost with { Unpriced = cost.Unpriced + 1 };
        }

        return cost with
        {
            Micros = Money.Add(cost.Micros, Math.Max(0, micros)),
            Priced = cost.Priced + 1,
            Unpriced = ofResponse ? Math.Max(0, cost.Unpriced - 1) : cost.Unpriced,
        };
    }

    private static RunCost Cut(RunCost cost) => Settled(cost with { Cut = cost.Cut + 1 });

    private static RunCost Settled(RunCost cost) => cost.Request is CostedRequest.None ? cost : cost with { Request = CostedRequest.None };

    private static ResponseUsage? UsageOf(RunEvent runEvent)
    {
        try
        {
            return (runEvent.Upstream as ResponseLifecycleEvent)?.Response.Usage;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}
