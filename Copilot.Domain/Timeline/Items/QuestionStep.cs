using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Timeline.Items;

/// <summary>Where a question of the agent is.</summary>
public enum QuestionState
{
    /// <summary>It waits for an answer.</summary>
    Waiting,

    /// <summary>Somebody answered.</summary>
    Answered,

    /// <summary>Nobody answered in time.</summary>
    Expired,

    /// <summary>The run ended, or the call was cancelled, before anybody answered.</summary>
    Withdrawn,
}

/// <summary>One value of a question's track.</summary>
/// <param name="State">Where it is.</param>
/// <param name="Question">What the agent wants to know.</param>
/// <param name="Choices">Answers to choose from; empty where there are none.</param>
/// <param name="AllowsText">Whether an answer of the person's own words is allowed.</param>
/// <param name="Timeout">How long it waits.</param>
/// <param name="Answer">What was answered, or null.</param>
/// <param name="Actor">Who answered, or null.</param>
public sealed record QuestionStep(
    QuestionState State, string Question, IReadOnlyList<string> Choices, bool AllowsText, TimeSpan Timeout, string? Answer, EventActor? Actor)
{
    /// <summary>Why they answered for the run's owner, or null.</summary>
    public string? Reason { get; init; }
}
