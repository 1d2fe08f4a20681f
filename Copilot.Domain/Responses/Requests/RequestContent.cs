using System.Net;

namespace Copilot.Domain.Responses.Requests;

/// <summary>A request as the body of a POST: written as it is sent, so that files are never in memory as a whole.</summary>
internal sealed class RequestContent(ResponseRequest request, long length) : HttpContent
{
    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in RequestWriter.Pieces(request, TransportKind.Http))
        {
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
