namespace Copilot.Domain.Responses.Requests;

/// <summary>The inside of an <c>input</c> array, piece by piece: a file is read while it is sent.</summary>
internal static class InputPieces
{
    private static readonly byte[] s_comma = [(byte)','];

    /// <summary>The items with commas between them. A piece is good until the next.</summary>
    /// <exception cref="Events.TransportException">A file that they carry cannot be read any more.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(IReadOnlyList<InputItem> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                yield return s_comma;
            }

            var item = items[i];
            var written = 0;
            foreach (var slot in item.Contents)
            {
                yield return item.Json[written..slot.Offset];
                written = slot.Offset;
                foreach (var encoded in InputContentReader.Read(slot.Content))
                {
                    yield return encoded;
                }
            }

            yield return item.Json[written..];
        }
    }

    /// <summary>The exact length of all pieces in bytes. Nothing is read for it.</summary>
    public static long LengthOf(IReadOnlyList<InputItem> items) => items.Sum(item => item.Length) + Math.Max(0, items.Count - 1);
}
