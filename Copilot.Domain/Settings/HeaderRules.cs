using System.Text.RegularExpressions;

namespace Copilot.Domain.Settings;

/// <summary>What a header's name and value may be in the settings.</summary>
public static partial class HeaderRules
{
    /// <summary>A header's name, as a regular expression.</summary>
    public const string Name = "[A-Za-z0-9_-]{1,100}";

    /// <summary>A header's name in words.</summary>
    public const string NameForm = "a header's name: letters, digits and hyphens, like api-key";

    /// <summary>What is wrong with a section of headers; no sentence repeats a value, which may be a secret.</summary>
    /// <param name="setting">The section: <c>Upstream:Headers</c>.</param>
    /// <param name="headers">Names and values.</param>
    /// <param name="least">The least length of a value.</param>
    public static IEnumerable<string> ErrorsOf(string setting, IReadOnlyDictionary<string, string> headers, int least)
    {
        ArgumentNullException.ThrowIfNull(headers);
        foreach (var (name, value) in headers)
        {
            if (!NamePattern().IsMatch(name))
            {
                yield return $"{setting}:{name} is not a header's name. Set names of letters, digits and hyphens, like api-key.";
            }
            else if (value.Length < least || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                yield return SettingText.Unusable($"{setting}:{name}", least > 1 ? $"{least} or more printable ASCII characters" : "printable ASCII characters");
            }
        }
    }

    [GeneratedRegex(@"\A" + Name + @"\z")]
    private static partial Regex NamePattern();
}
