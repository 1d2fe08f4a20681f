using Copilot.Domain.Runs.Actor.Calls;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Actor;

/// <summary>The parts of one run that its loop speaks to.</summary>
internal sealed record RunParts
{
    /// <summary>Writes and folds the run's events.</summary>
    public required RunRecorder Recorder { get; init; }

    /// <summary>What the run was asked to do.</summary>
    public required RunCreation Creation { get; init; }

    /// <summary>The run's time.</summary>
    public required RunLimit Limit { get; init; }

    /// <summary>What a person says to the run while it works.</summary>
    public required Steering Steering { get; init; }

    /// <summary>Why it waits for people.</summary>
    public required RunHold Hold { get; init; }

    /// <summary>What people do about it.</summary>
    public required Interventions Interventions { get; init; }

    /// <summary>What the run may cost.</summary>
    public required BudgetGuard Budget { get; init; }

    /// <summary>Its connection.</summary>
    public required RunConnection Connection { get; init; }

    /// <summary>Its tool rounds.</summary>
    public required ToolRound Tools { get; init; }

    /// <summary>What it does when it is its turn.</summary>
    public required RunWork Work { get; init; }

    /// <summary>How it ends.</summary>
    public required RunEnding End { get; init; }
}
