using System.Net;

namespace Copilot.Domain.Responses.Requests;

/// <summary>A request as the body of a POST: written as it goes out, so that files never lie in memory as a whole.</summary>
/// <param name="pieces">Makes its bytes, one after the other; a piece is good until the next.</param>
/// <param name="bytes">Their number.</param>
internal sealed class RequestContent(Func<IEnumerable<ReadOnlyMemory<byte>>> pieces, long bytes) : HttpContent
{
    /// <summary>The content of a prepared request.</summary>
    public RequestContent(PreparedRequest request)
        : this(request.Pieces, request.Length)
    {
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in pieces())
        {
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = bytes;
        return true;
    }
}
