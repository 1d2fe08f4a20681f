using Copilot.Domain.Responses.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Replay.Compare;

/// <summary>One step of a run: a message of a person, or a response of the model with its calls. What no longer counts is in none.</summary>
/// <param name="Number">Its place in the run, from 1.</param>
/// <param name="Kind">What it is.</param>
/// <param name="FromSeq">Seq of the event that it begins with.</param>
/// <param name="At">When it began (UTC).</param>
public sealed record RunStep(int Number, RunStepKind Kind, long FromSeq, DateTimeOffset At)
{
    /// <summary>The text: of the person's message, or of what the model answered.</summary>
    public string Text { get; init; } = "";

    /// <summary>What it called, in the model's order.</summary>
    public IReadOnlyList<StepCall> Calls { get; init; } = [];

    /// <summary>When nothing of it was open any more (UTC); null while something is, and for messages.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The model that answered, or null.</summary>
    public string? Model { get; init; }

    /// <summary>Tokens of the response; null where it did not say.</summary>
    public ResponseUsage? Usage { get; init; }

    /// <summary>What the response cost, or null.</summary>
    public ResponseCost? Cost { get; init; }

    /// <summary>What carried it, or null.</summary>
    public TransportUse? Transport { get; init; }

    /// <summary>How many requests it took: more than one where earlier ones brought nothing that counts.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>From its beginning to its end, tools included; null while it is open, and for messages.</summary>
    public TimeSpan? Duration => EndedAt - At;
}
