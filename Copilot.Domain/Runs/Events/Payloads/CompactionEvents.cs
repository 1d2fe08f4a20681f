using System.Text.Json.Serialization;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary><c>compaction.started</c>, by the agent, committed before the upstream is asked to shorten the conversation.</summary>
/// <param name="Reason">Why, as a phrase.</param>
/// <param name="InputItems">How many input items it has.</param>
/// <param name="Bytes">Their size in bytes.</param>
public sealed record CompactionStarted(string? Reason, long? InputItems, long? Bytes) : RunEventPayload;

/// <summary><c>compaction.completed</c>, by the agent: from here on the run's input begins with other items.</summary>
/// <param name="Items">What it begins with, as the upstream made it.</param>
/// <param name="Following">How many of the newest input items follow them.</param>
/// <param name="Usage">Tokens that it used; null where the upstream did not say.</param>
public sealed record CompactionCompleted(
    IReadOnlyList<JsonBytes>? Items,
    [property: JsonPropertyName("kept")] long? Following,
    ResponseUsage? Usage) : RunEventPayload;

/// <summary><c>compaction.failed</c>, by the agent: the conversation stays as it was.</summary>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record CompactionFailed(string? Reason) : RunEventPayload;
