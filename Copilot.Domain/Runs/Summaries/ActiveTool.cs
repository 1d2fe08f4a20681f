namespace Copilot.Domain.Runs.Summaries;

/// <summary>A tool call that is under way, for rings and lists.</summary>
/// <param name="CallId">The API's <c>call_id</c>.</param>
/// <param name="Name">Tool name.</param>
/// <param name="StartedAt">When it was started (UTC).</param>
/// <param name="Deadline">How long it may take.</param>
public sealed record ActiveTool(string CallId, string Name, DateTimeOffset StartedAt, TimeSpan Deadline)
{
    /// <summary>What the call is for, in the model's words, or null.</summary>
    public string? Intent { get; init; }
}
