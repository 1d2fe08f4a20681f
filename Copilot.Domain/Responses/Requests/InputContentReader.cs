using System.Buffers;
using System.Buffers.Text;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Requests;

/// <summary>Reads contents as they go into an item's JSON, a chunk at a time.</summary>
internal static class InputContentReader
{
    // A multiple of three: only the last chunk is padded.
    private const int ChunkBytes = 3 * 16 * 1024;

    /// <summary>The content: as base64, or as it is where it is text already. A chunk is valid until the next one.</summary>
    /// <exception cref="TransportException">It is gone or has changed: the request must be planned again.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(InputContent content)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(ChunkBytes));
        try
        {
            using var stream = Attempt(content.Open);
            for (var left = content.Size; left > 0;)
            {
                var wanted = (int)Math.Min(left, ChunkBytes);
                var read = Attempt(() => stream.ReadAtLeast(buffer.AsSpan(0, wanted), wanted, throwOnEndOfStream: true));
                var written = read;
                if (!content.IsText)
                {
                    Base64.EncodeToUtf8InPlace(buffer, read, out written);
                }

                yield return buffer.AsMemory(0, written);
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static T Attempt<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TransportException(TransportFailure.Lost, "A file of the conversation could not be read while it was sent.", exception);
        }
    }
}
