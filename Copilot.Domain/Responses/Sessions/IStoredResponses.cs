namespace Copilot.Domain.Responses.Sessions;

/// <summary>Responses the upstream stores (made with <c>store</c>): they can be retrieved and deleted.</summary>
public interface IStoredResponses
{
    /// <summary><c>DELETE /responses/{id}</c>.</summary>
    /// <param name="endpoint">The upstream that made the response.</param>
    /// <param name="responseId">The API's id.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The answer; without a status when the request could not be sent or was not answered. Neither throws.</returns>
    Task<StoredAnswer> DeleteAsync(UpstreamEndpoint endpoint, string responseId, CancellationToken cancellationToken);

    /// <summary><c>GET /responses/{id}</c>. Checks only whether it exists; its content is not read.</summary>
    /// <inheritdoc cref="DeleteAsync"/>
    Task<StoredAnswer> RetrieveAsync(UpstreamEndpoint endpoint, string responseId, CancellationToken cancellationToken);
}
