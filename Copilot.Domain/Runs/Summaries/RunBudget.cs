using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>What a run may cost, as its events say. Amounts are micro-units.</summary>
/// <param name="LimitMicros">The budget, as it was set or raised last.</param>
/// <param name="Currency">Its currency.</param>
/// <param name="Then">What happens when it is used up.</param>
public sealed record RunBudget(long LimitMicros, string? Currency, OnBudget Then)
{
    /// <summary>When it was used up; null before, and again after it was raised.</summary>
    public DateTimeOffset? ReachedAt { get; init; }

    /// <summary>How long a person has since then to raise it; null where nobody is asked.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What is left after this cost; below 0 where it was exceeded.</summary>
    public long LeftAfter(RunCost cost) => LimitMicros - cost.Micros;

    /// <summary>True when nothing more may be asked of the upstream: all is spent, or the next response would clearly cost more than is left.</summary>
    public bool IsUsedUp(RunCost cost) => LeftAfter(cost) <= 0 || cost.NextAtLeastMicros > LeftAfter(cost);
}
