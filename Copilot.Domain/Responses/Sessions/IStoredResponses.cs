namespace Copilot.Domain.Responses.Sessions;

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
