namespace Copilot.Domain.Settings;

/// <summary>The default in words where it depends on other settings, for the configuration page.</summary>
/// <param name="text">The default, as Markdown.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultAttribute(string text) : Attribute
{
    /// <summary>The default, as Markdown.</summary>
    public string Text { get; } = text;
}
