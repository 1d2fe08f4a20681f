using System.Text.Json.Serialization;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary><c>tool.requested</c>, by the agent, with the call's <c>call_id</c>: the model asked for a call.</summary>
/// <param name="Name">The tool's name, as the model wrote it.</param>
/// <param name="Arguments">Its arguments as JSON without the intent, or free text for a custom tool.</param>
/// <param name="ReadOnly">True when the tool changes nothing.</param>
/// <param name="Repeatable">True when a second run has no second effect.</param>
public sealed record ToolRequested(string? Name, string? Arguments, bool? ReadOnly, bool? Repeatable) : RunEventPayload
{
    /// <summary>What the call is for, in the model's words: one line of at most 120 characters; null where it says nothing.</summary>
    public string? Intent { get; init; }
}

/// <summary><c>tool.started</c>, by the agent, with the call's <c>call_id</c>: committed before the tool is invoked.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Deadline">How long it may take.</param>
public sealed record ToolStarted(string? Name, [property: JsonPropertyName("deadline_ms")] TimeSpan? Deadline) : RunEventPayload;

/// <summary>The end of a call, by the agent, with the call's <c>call_id</c>: it has an output, and its outcome is known.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Output">What the model reads of it.</param>
/// <param name="Duration">How long it ran; zero where it was not carried out.</param>
public abstract record ToolEnded(
    string? Name,
    string? Output,
    [property: JsonPropertyName("duration_ms")] TimeSpan? Duration) : RunEventPayload;

/// <summary><c>tool.completed</c>: the tool answered.</summary>
/// <inheritdoc cref="ToolEnded"/>
public sealed record ToolCompleted(string? Name, string? Output, TimeSpan? Duration) : ToolEnded(Name, Output, Duration);

/// <summary><c>tool.failed</c>: it failed, was called with bad arguments, or there is no such tool.</summary>
/// <inheritdoc cref="ToolEnded"/>
public sealed record ToolFailed(string? Name, string? Output, TimeSpan? Duration) : ToolEnded(Name, Output, Duration);

/// <summary><c>tool.timed_out</c>: its deadline passed.</summary>
/// <inheritdoc cref="ToolEnded"/>
public sealed record ToolTimedOut(string? Name, string? Output, TimeSpan? Duration) : ToolEnded(Name, Output, Duration);

/// <summary><c>tool.denied</c>: it was not allowed.</summary>
/// <inheritdoc cref="ToolEnded"/>
public sealed record ToolDenied(string? Name, string? Output, TimeSpan? Duration) : ToolEnded(Name, Output, Duration);

/// <summary><c>tool.cancelled</c>: the run ended first, or a person cancelled the call.</summary>
/// <inheritdoc cref="ToolEnded"/>
public sealed record ToolCancelled(string? Name, string? Output, TimeSpan? Duration) : ToolEnded(Name, Output, Duration);

/// <summary>
/// <c>tool.outcome_unknown</c>, by the agent, with the call's <c>call_id</c>: the call had started before a crash, and it is not known how
/// it ended.
/// </summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Output">What the model reads of it.</param>
public sealed record ToolOutcomeUnknown(string? Name, string? Output) : RunEventPayload;
