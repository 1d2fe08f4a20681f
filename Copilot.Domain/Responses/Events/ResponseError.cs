namespace Copilot.Domain.Responses.Events;

/// <summary>
/// An upstream error in one form, whatever its shape was: the WebSocket envelope, the flat and the nested event,
/// <c>response.failed</c>, a JSON error body of HTTP, or a plain-text body.
/// </summary>
public sealed record ResponseError
{
    /// <summary>The API's error <c>code</c>, or null.</summary>
    public string? Code { get; init; }

    /// <summary>The API's error <c>type</c>, or null.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The upstream's own message. Never empty: where it sent none, a sentence that says so.</summary>
    public required string Message { get; init; }

    /// <summary>The parameter that caused it, or null.</summary>
    public string? Param { get; init; }

    /// <summary>The HTTP-like status, or null where the event had none.</summary>
    public int? Status { get; init; }

    /// <summary>How long the upstream asks to wait (header, body or message), or null.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
