namespace Copilot.Domain.Responses.Sessions;

/// <summary>The upstream's answer about a stored response.</summary>
/// <param name="Status">The HTTP status, or null when there was no answer.</param>
/// <param name="Problem">Why it failed, in one sentence without the key; null for a success.</param>
public sealed record StoredAnswer(int? Status, string? Problem)
{
    /// <summary><c>Retry-After</c>, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// True for a 404 in the API's own format about this response. A wrong address or a proxy answers 404 to everything, which proves
    /// nothing.
    /// </summary>
    public bool IsUnknownResponse { get; init; }

    /// <summary>True for 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>True when the same request may succeed a little later.</summary>
    public bool IsPassing => Status is null or 408 or 409 or 425 or 429 or >= 500;
}
