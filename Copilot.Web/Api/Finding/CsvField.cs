using System.Buffers;

namespace Copilot.Web.Api.Finding;

/// <summary>Writes the fields of a CSV file (RFC 4180) so that no program that opens it takes one for a formula.</summary>
internal static class CsvField
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create("\",;\r\n\t");

    /// <summary>The field: in quotes where it has to be, with an apostrophe before what would begin a formula.</summary>
    public static string Of(string? text)
    {
        text ??= "";
        // Also after spaces, which programs cut off.
        if (text.AsSpan().TrimStart() is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠', ..] || text is ['\t' or '\r' or '\n', ..])
        {
            text = "'" + text;
        }

        return text.AsSpan().ContainsAny(s_quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
