using System.Text;

namespace Copilot.Bench.Overhead;

/// <summary>Recorded frames on disk: one frame a line, an empty line after each response. JSON of one line needs no more.</summary>
internal static class FrameFile
{
    public static void Write(string file, IEnumerable<IEnumerable<ReadOnlyMemory<byte>>> responses)
    {
        using var output = File.Create(file);
        foreach (var response in responses)
        {
            foreach (var frame in response)
            {
                output.Write(frame.Span);
                output.WriteByte((byte)'\n');
            }

            output.WriteByte((byte)'\n');
        }
    }

    public static IReadOnlyList<IReadOnlyList<byte[]>> Read(string file)
    {
        var responses = new List<IReadOnlyList<byte[]>>();
        var current = new List<byte[]>();
        foreach (var line in File.ReadLines(file))
        {
            if (line.Length > 0)
            {
                current.Add(Encoding.UTF8.GetBytes(line));
                continue;
            }

            responses.Add(current);
            current = [];
        }

        return responses;
    }
}
