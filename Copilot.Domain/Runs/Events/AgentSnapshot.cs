namespace Copilot.Domain.Runs.Events;

/// <summary>The agent version a run was started with; stored whole in <c>run.created</c>, so later edits never change a past run.</summary>
public sealed record AgentSnapshot
{
    /// <summary>Agent id (<c>agt_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Version number, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Name shown to people.</summary>
    public required string Name { get; init; }

    /// <summary>Model, or null for <c>Upstream:Model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>System instructions.</summary>
    public required string Instructions { get; init; }

    /// <summary>Names of the tools it may call; null for all that are registered.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>The tools that the upstream runs for it; null (before the run is created) for all that are configured.</summary>
    public IReadOnlyList<HostedToolRef>? HostedTools { get; init; }

    /// <summary>Largest number of rounds in which tools are called.</summary>
    public int MaxToolRounds { get; init; } = 25;

    /// <summary>Largest number of rounds in a row in which every call failed.</summary>
    public int MaxFailedRounds { get; init; } = 3;

    /// <summary>How long the whole run may take.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>What one run may cost, in millionths of <see cref="BudgetCurrency"/>'s unit; null for <see cref="RunOptions.Budget"/>.</summary>
    public long? BudgetMicros { get; init; }

    /// <summary>The currency of the prices when the run was started; set then.</summary>
    public string? BudgetCurrency { get; init; }

    /// <summary>What happens when the budget is used up; null for <see cref="RunOptions.OnBudget"/>.</summary>
    public OnBudget? OnBudget { get; init; }
}
