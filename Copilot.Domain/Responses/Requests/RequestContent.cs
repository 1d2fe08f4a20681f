using System.Net;

namespace Copilot.Domain.Responses.Requests;

/// <summary>A request as the body of a POST: written as it goes out, so that files never lie in memory as a whole.</summary>
internal sealed class RequestContent(PreparedRequest request) : HttpContent
{
    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in request.Pieces())
        {
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = request.Length;
        return true;
    }
}
