using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Responses.Sessions;

/// <inheritdoc cref="IContainerFiles"/>
internal sealed partial class HttpContainerFiles(UpstreamHttp http, ILogger<HttpContainerFiles> logger) : IContainerFiles
{
    private const string Responses = "/responses";

    /// <inheritdoc/>
    public async Task<ContainerFile?> OpenAsync(UpstreamEndpoint endpoint, string containerId, string fileId, CancellationToken cancellationToken)
    {
        if (!IsId(containerId) || !IsId(fileId))
        {
            // It would lead elsewhere with our key.
            return null;
        }

        HttpResponseMessage? answer = null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(endpoint, containerId, fileId));
            UpstreamHttp.AddHeaders(request, endpoint);
            answer = await http.Invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var status = (int)answer.StatusCode;
            LogAnswered(fileId, status);
            if (answer.IsSuccessStatusCode)
            {
                var file = new ContainerFile(answer, await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
                answer = null;
                return file;
            }

            return status is 404 or 410
                ? null
                : throw new TransportException(TransportFailure.Unreachable, $"The upstream answered {UpstreamHttp.StatusText(status)}.", innerException: null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new TransportException(TransportFailure.Unreachable, "The upstream could not be reached.", exception);
        }
        finally
        {
            answer?.Dispose();
        }
    }

    /// <summary>True for what the API gives as an id: it is put into an address.</summary>
    internal static bool IsId(string id) => id.Length is > 0 and <= 1_000 && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    private static Uri AddressOf(UpstreamEndpoint endpoint, string containerId, string fileId)
    {
        var responses = UpstreamHttp.EndpointOf(endpoint.BaseUrl, TransportKind.Http);
        return new UriBuilder(responses)
        {
            Path = $"{responses.AbsolutePath[..^Responses.Length]}/containers/{containerId}/files/{fileId}/content",
        }.Uri;
    }

    [LoggerMessage(LogLevel.Information, "A request for the file {FileId} of a container was answered with {Status}")]
    private partial void LogAnswered(string fileId, int status);
}
