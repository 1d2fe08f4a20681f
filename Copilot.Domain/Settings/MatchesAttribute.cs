using System.Text.RegularExpressions;

namespace Copilot.Domain.Settings;

/// <summary>A text of a certain form.</summary>
/// <param name="pattern">A regular expression for all of it.</param>
/// <param name="expected">The form in words, as it completes "Set it to".</param>
public sealed class MatchesAttribute(string pattern, string expected) : SettingAttribute(expected)
{
    private readonly Regex _pattern = new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>A regular expression for all of it.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Whether the text is or may hold a secret.</summary>
    public bool IsSecret { get; set; }

    /// <inheritdoc/>
    public override bool HidesValue => IsSecret;

    /// <inheritdoc/>
    protected override bool Fits(object value) => value is string text && _pattern.IsMatch(text);
}
