namespace Copilot.Domain.Responses;

/// <summary>What the upstream keeps of responses that were made with <c>store</c>: it can be asked for, and deleted.</summary>
public interface IStoredResponses
{
    /// <summary><c>DELETE /responses/{id}</c>.</summary>
    /// <param name="endpoint">The upstream that made the response.</param>
    /// <param name="responseId">The API's id.</param>
    /// <param name="cancellationToken">Gives the request up.</param>
    /// <returns>What came back; a request that could not be made or was not answered comes back without a status. Never throws for either.</returns>
    Task<StoredAnswer> DeleteAsync(UpstreamEndpoint endpoint, string responseId, CancellationToken cancellationToken);

    /// <summary><c>GET /responses/{id}</c>. Only whether it is there is looked at; its content is not read.</summary>
    /// <inheritdoc cref="DeleteAsync"/>
    Task<StoredAnswer> RetrieveAsync(UpstreamEndpoint endpoint, string responseId, CancellationToken cancellationToken);
}

/// <summary>How the upstream answered.</summary>
/// <param name="Status">The HTTP status, or null when there was no answer.</param>
/// <param name="Problem">Why it is not what was hoped for, in one sentence without the key; null for a success.</param>
public sealed record StoredAnswer(int? Status, string? Problem)
{
    /// <summary><c>Retry-After</c>, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// True for a 404 that speaks the API's language about this response. A wrong address or a proxy answers 404 to everything;
    /// that proves nothing.
    /// </summary>
    public bool IsUnknownResponse { get; init; }

    /// <summary>True for 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>True when the same request may well be answered otherwise a little later.</summary>
    public bool IsPassing => Status is null or 408 or 409 or 425 or 429 or >= 500;
}
