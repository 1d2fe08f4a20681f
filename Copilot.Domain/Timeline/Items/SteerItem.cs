using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Items;

/// <summary>What became of words that somebody said to a run while it worked.</summary>
public enum SteerPhase
{
    /// <summary>Saved; it goes in with the next request unless it can be sent at once.</summary>
    Kept,

    /// <summary>On their way into the response that is being generated.</summary>
    Sending,

    /// <summary>It could not be sent at once and goes in with the next request.</summary>
    Later,

    /// <summary>The model has them.</summary>
    Heard,

    /// <summary>The run ended first: the model never got them.</summary>
    Unheard,
}

/// <summary>One value of <see cref="SteerItem.Phases"/>.</summary>
/// <param name="Phase">What became of the words.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record SteerStep(SteerPhase Phase, string? Reason);

/// <summary>What somebody said to the agent while it worked.</summary>
public sealed record SteerItem : TimelineItem
{
    /// <summary>The id the client made for it.</summary>
    public required string SteerId { get; init; }

    /// <summary>Their words.</summary>
    public required string Text { get; init; }

    /// <summary>Why they said it, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Who said it, or null.</summary>
    public EventActor? Actor { get; init; }

    /// <summary>What became of them.</summary>
    public Track<SteerStep> Phases { get; init; } = new();

    /// <summary>Where they are now.</summary>
    public SteerPhase Phase => Phases.Current?.Phase ?? SteerPhase.Kept;

    /// <inheritdoc/>
    protected override long LastChange => Phases.LastSeq;

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => this with { Phases = Phases.Clip(seq) };
}
