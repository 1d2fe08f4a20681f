namespace Copilot.Domain.Settings;

/// <summary>One of a few words, written as here.</summary>
/// <param name="words">The words, two or more.</param>
public sealed class OneOfAttribute(params string[] words)
    : SettingAttribute($"{string.Join(", ", words[..^1])} or {words[^1]}")
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; } = words;

    /// <inheritdoc/>
    protected override bool Fits(object value) => value is string text && Words.Contains(text, StringComparer.Ordinal);
}
