namespace Copilot.Domain.Responses;

/// <summary>The API's response <c>status</c>.</summary>
public enum ResponseStatus
{
    /// <summary>Accepted, not begun.</summary>
    Queued,

    /// <summary>Being generated.</summary>
    InProgress,

    /// <summary>Ended as asked. A response that calls tools also ends so.</summary>
    Completed,

    /// <summary>Ended early; see <see cref="ResponseSnapshot.IncompleteReason"/>.</summary>
    Incomplete,

    /// <summary>Ended with <see cref="ResponseSnapshot.Error"/>.</summary>
    Failed,

    /// <summary>Cancelled upstream (background responses only).</summary>
    Cancelled,
}

/// <summary>What a lifecycle event says of its response. <c>output</c> may be missing on sparse streams, so it is not relied on.</summary>
public sealed record ResponseSnapshot
{
    /// <summary>The API's <c>id</c> (<c>resp_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The API's <c>status</c>.</summary>
    public required ResponseStatus Status { get; init; }

    /// <summary>The model that answered, or null.</summary>
    public string? Model { get; init; }

    /// <summary><c>incomplete_details.reason</c>, or null.</summary>
    public string? IncompleteReason { get; init; }

    /// <summary>The response's own error (status failed), or null.</summary>
    public ResponseError? Error { get; init; }

    /// <summary>Tokens used; only terminal events have it.</summary>
    public ResponseUsage? Usage { get; init; }

    /// <summary>The items of <c>output</c>; empty where the event leaves them out.</summary>
    public IReadOnlyList<OutputItem> Output { get; init; } = [];
}

/// <summary>Tokens of one response, or summed over a run. Cached tokens are part of the input, reasoning tokens of the output.</summary>
public readonly record struct ResponseUsage(long InputTokens, long CachedTokens, long OutputTokens, long ReasoningTokens)
{
    /// <summary>Adds two usages field by field.</summary>
    public static ResponseUsage operator +(ResponseUsage left, ResponseUsage right) => Add(left, right);

    /// <inheritdoc cref="op_Addition"/>
    public static ResponseUsage Add(ResponseUsage left, ResponseUsage right) => new(
        left.InputTokens + right.InputTokens,
        left.CachedTokens + right.CachedTokens,
        left.OutputTokens + right.OutputTokens,
        left.ReasoningTokens + right.ReasoningTokens);
}
