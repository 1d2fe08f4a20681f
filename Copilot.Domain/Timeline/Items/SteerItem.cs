using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Items;

/// <summary>How far a message to a run that works has come.</summary>
public enum SteerPhase
{
    /// <summary>Saved; it goes in with the next request unless it can be sent at once.</summary>
    Saved,

    /// <summary>On its way into the response that is being generated.</summary>
    Sending,

    /// <summary>It could not be sent at once and goes in with the next request.</summary>
    Later,

    /// <summary>The model has it.</summary>
    Delivered,

    /// <summary>The run ended first: the model never got it.</summary>
    NotDelivered,
}

/// <summary>One value of <see cref="SteerItem.Phases"/>.</summary>
/// <param name="Phase">How far the message has come.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record SteerStep(SteerPhase Phase, string? Reason);

/// <summary>A message to the agent while it works.</summary>
public sealed record SteerItem : TimelineItem
{
    /// <summary>The id the client made for it.</summary>
    public required string SteerId { get; init; }

    /// <summary>The message.</summary>
    public required string Text { get; init; }

    /// <summary>Why they sent it, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Who sent it, or null.</summary>
    public EventActor? Actor { get; init; }

    /// <summary>How far it has come, step by step.</summary>
    public Track<SteerStep> Phases { get; init; } = new();

    /// <summary>How far it has come now.</summary>
    public SteerPhase Phase => Phases.Current?.Phase ?? SteerPhase.Saved;

    /// <inheritdoc/>
    protected override long LastChange => Phases.LastSeq;

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => this with { Phases = Phases.Clip(seq) };
}
