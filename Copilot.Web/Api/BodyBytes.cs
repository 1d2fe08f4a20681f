using System.Buffers;

namespace Copilot.Web.Api;

/// <summary>Reads JSON bodies up to a stated size.</summary>
internal static class BodyBytes
{
    /// <summary>Largest body, in bytes: 1 MiB, far above any question people type and small enough to keep in memory.</summary>
    public const int Max = 1024 * 1024;

    /// <summary>The body's bytes, or the problem with it.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return (default, ApiProblem.Of(
                StatusCodes.Status415UnsupportedMediaType, ApiText.NotJson));
        }

        if (request.ContentLength > Max)
        {
            return (default, ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, ApiText.BodyTooLarge));
        }

        try
        {
            var bytes = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? 4096) + 1);
            while (true)
            {
                var read = await request.Body.ReadAsync(bytes.GetMemory(4096), cancellationToken);
                if (read == 0)
                {
                    return (bytes.WrittenMemory, null);
                }

                bytes.Advance(read);
                if (bytes.WrittenCount > Max)
                {
                    return (default, ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, ApiText.BodyTooLarge));
                }
            }
        }
        catch (BadHttpRequestException exception)
        {
            return (default, ApiProblem.Unreadable(exception));
        }
    }
}
