using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Timeline.Items;

/// <summary>The run does again what another did from a step on (<c>run.forked</c>).</summary>
public sealed record ForkItem : TimelineItem
{
    /// <summary>The other run.</summary>
    public required string RunId { get; init; }

    /// <summary>The other's seq that the step begins with.</summary>
    public required long Seq { get; init; }

    /// <summary>The step's number, from 1; 0 where the event did not say.</summary>
    public required int Step { get; init; }

    /// <summary>What the other was asked; null where this run has a message of its own instead.</summary>
    public string? Question { get; init; }

    /// <summary>The call that is carried out with other arguments, or null.</summary>
    public string? CallId { get; init; }

    /// <summary>The model that was chosen in place of the other's, or null.</summary>
    public string? Model { get; init; }

    /// <summary>Who forked it, or null.</summary>
    public EventActor? Actor { get; init; }
}
