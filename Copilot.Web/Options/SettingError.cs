namespace Copilot.Web.Options;

/// <summary>A setting whose text is no value of its type.</summary>
/// <param name="Setting">The setting: <c>Runs:MaxActive</c>.</param>
/// <param name="Sentence">What is wrong and what to set.</param>
internal sealed record SettingError(string Setting, string Sentence);
