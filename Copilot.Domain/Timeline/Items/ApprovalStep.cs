using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Timeline.Items;

/// <summary>One value of an approval's track.</summary>
/// <param name="State">Where it is.</param>
/// <param name="Timeout">How long it waits (<see cref="ApprovalState.Waiting"/>), or null.</param>
/// <param name="Actor">Who decided, or null.</param>
/// <param name="Arguments">The arguments that a person put in place of the model's, as JSON; null where they stayed.</param>
/// <param name="Reason">Why it was decided so, or null.</param>
public sealed record ApprovalStep(ApprovalState State, TimeSpan? Timeout, EventActor? Actor, string? Arguments, string? Reason)
{
    /// <summary>Nobody who asked may approve (<see cref="ApprovalState.Waiting"/>).</summary>
    public bool NeedsOther { get; init; }

    /// <summary>Why a rule of a supervisor asks (<see cref="ApprovalState.Waiting"/>); null where the tool itself does.</summary>
    public string? Rule { get; init; }

    /// <summary>Until when the standing permission counts by which it was approved; null where the person was asked.</summary>
    public DateTimeOffset? GrantedUntil { get; init; }
}
