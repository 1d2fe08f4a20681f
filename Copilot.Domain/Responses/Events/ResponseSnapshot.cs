namespace Copilot.Domain.Responses.Events;

/// <summary>What a lifecycle event says about its response. <c>output</c> may be missing on sparse streams, so it is not relied on.</summary>
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
