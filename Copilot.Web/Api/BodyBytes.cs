using System.Buffers;
using System.Text;
using Copilot.Web.Security;
using Microsoft.Net.Http.Headers;

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

        if (request.IsEncoded())
        {
            return (default, ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, EncodedBodies.Refused));
        }

        if (HasOtherCharset(request))
        {
            return (default, ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, ApiText.NotUtf8));
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
                    return (WithoutMark(bytes.WrittenMemory), null);
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

    // Programs that say another one of single bytes mostly send plain ASCII, which is UTF-8, too.
    private static bool HasOtherCharset(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue
        && HeaderUtilities.RemoveQuotes(type.Charset) is var charset
        && (charset.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase) || charset.StartsWith("utf-32", StringComparison.OrdinalIgnoreCase));

    // Some programs begin a text with the mark of UTF-8, which is no part of it (RFC 8259, section 8.1).
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
}
