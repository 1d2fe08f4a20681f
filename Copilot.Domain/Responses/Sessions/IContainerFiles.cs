using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Sessions;

/// <summary>Files that the upstream's code interpreter has made. They are there as long as their container is.</summary>
public interface IContainerFiles
{
    /// <summary><c>GET /containers/{container_id}/files/{file_id}/content</c>.</summary>
    /// <param name="endpoint">The upstream.</param>
    /// <param name="containerId">The API's <c>container_id</c>.</param>
    /// <param name="fileId">The API's <c>file_id</c>.</param>
    /// <param name="cancellationToken">Ends the request, also while the content is read.</param>
    /// <returns>The file, which the caller disposes; null when the upstream does not have it, or not any more.</returns>
    /// <exception cref="TransportException">The upstream could not be reached, or answered something else.</exception>
    Task<ContainerFile?> OpenAsync(UpstreamEndpoint endpoint, string containerId, string fileId, CancellationToken cancellationToken);
}
