using Copilot.Domain.Settings;

namespace Copilot.Domain.Supervision;

/// <summary>What differs from <see cref="SupervisionOptions"/> for one agent. What is not set is as for all.</summary>
public sealed class AgentSupervisionOptions
{
    /// <summary>The part of its deadline after which a tool counts as slow. Default: as for all.</summary>
    [Between(0.01, 1)]
    public double? ToolShare { get; set; }

    /// <summary>How long nothing may happen while the model is at work. Default: as for all.</summary>
    [Duration]
    public TimeSpan? Silence { get; set; }

    /// <summary>How many times in a row the same call is a sign of a loop. Default: as for all.</summary>
    [AtLeast(2)]
    public int? RepeatedCalls { get; set; }

    /// <summary>The part of its budget after which a run is shown as in trouble. Default: as for all.</summary>
    [Between(0.01, 1)]
    public double? BudgetShare { get; set; }

    /// <summary>The part of what the model can hold after which a run is shown as in trouble. Default: as for all.</summary>
    [Between(0.01, 1)]
    public double? ContextShare { get; set; }

    /// <summary>How many characters of one text or of one call's arguments are a sign that it grows without end. Default: as for all.</summary>
    [AtLeast(1)]
    public int? Characters { get; set; }
}
