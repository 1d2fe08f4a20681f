using System.Globalization;

namespace Copilot.Domain.Tools.Invocation;

internal static class ToolOutput
{
    /// <summary>Cuts what is too long and says so, the whole within <paramref name="limit"/> characters.</summary>
    public static string Capped(string output, int limit)
    {
        if (output.Length <= limit)
        {
            return output;
        }

        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"\n[The output was cut off here: it has {output.Length:N0} characters. Ask for less to see all of it.]");
        var length = limit - note.Length;
        if (char.IsHighSurrogate(output[length - 1]))
        {
            length--;
        }

        return string.Concat(output.AsSpan(0, length), note);
    }
}
