using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Copilot.Demo.Upstream.Model.Schemas;

/// <summary>First source of generated values: the words and numbers of the request, and what is already known.</summary>
internal sealed partial class SchemaHints(string text, Func<string, JsonNode?> known, DateTimeOffset now)
{
    public static SchemaHints None { get; } = new(string.Empty, _ => null, DateTimeOffset.UnixEpoch);

    public DateTimeOffset Now { get; } = now;

    public string Text { get; } = text;

    /// <summary>What is already known under this property's name, or null.</summary>
    public JsonNode? Known(string property) => known(property);

    /// <summary>The first number in the text that fits, or null.</summary>
    public double? Number(Func<double, bool> fits)
    {
        foreach (Match match in NumberPattern().Matches(Text))
        {
            if (double.TryParse(match.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && fits(number))
            {
                return number;
            }
        }

        return null;
    }

    public bool Mentions(string word) =>
        word.Length > 0 && Text.Contains(word.Replace('_', ' '), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(?<![\w.-])-?\d+(\.\d+)?(?![\w-])")]
    private static partial Regex NumberPattern();
}
