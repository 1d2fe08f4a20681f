using Copilot.Domain.Settings;

namespace Copilot.Domain.Supervision;

/// <summary>From when on supervisors are shown that a run needs them. Bound from <c>Supervision</c>.</summary>
public sealed class SupervisionOptions
{
    /// <summary>The part of its deadline after which a tool counts as slow. Default: 0.8.</summary>
    [Between(0.01, 1)]
    public double ToolShare { get; set; } = 0.8;

    /// <summary>How long nothing may happen while the model is at work. Default: half a minute.</summary>
    [Duration]
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many times in a row the same call with the same arguments is a sign of a loop. Default: 3.</summary>
    [AtLeast(2)]
    public int RepeatedCalls { get; set; } = 3;

    /// <summary>The part of its budget after which a run is shown as in trouble. Default: 0.8.</summary>
    [Between(0.01, 1)]
    public double BudgetShare { get; set; } = 0.8;

    /// <summary>The part of what the model can hold after which a run is shown as in trouble. Default: 0.8.</summary>
    [Between(0.01, 1)]
    public double ContextShare { get; set; } = 0.8;

    /// <summary>How many characters of one text, or of the arguments of one call, are a sign that it grows without end. Default: 100,000.</summary>
    [AtLeast(1)]
    public int Characters { get; set; } = 100_000;

    /// <summary>How long somebody may wait for a person until the wall shows the wait in red. Default: two minutes.</summary>
    [Duration]
    public TimeSpan WaitTarget { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Other values for some agents, by the agent's name. Default: none.</summary>
    public Dictionary<string, AgentSupervisionOptions> Agents { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What counts for the runs of an agent, without what its model can hold.</summary>
    /// <param name="agentName">The agent's name.</param>
    public SupervisionThresholds For(string agentName)
    {
        var own = Agents.GetValueOrDefault(agentName);
        return new(
            own?.ToolShare ?? ToolShare,
            own?.Silence ?? Silence,
            own?.RepeatedCalls ?? RepeatedCalls,
            own?.BudgetShare ?? BudgetShare,
            own?.ContextShare ?? ContextShare,
            ContextTokens: null,
            own?.Characters ?? Characters);
    }
}
