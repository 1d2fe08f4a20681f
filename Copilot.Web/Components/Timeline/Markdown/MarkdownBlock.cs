namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>One top-level block of a Markdown text, ready to be shown.</summary>
/// <param name="Id">Its place in the text, from 0: stable while the text grows.</param>
public abstract record MarkdownBlock(int Id);

/// <summary>A block as markup that has passed the allow-list (<see cref="MarkdownHtml"/>).</summary>
/// <param name="Id">Its place in the text.</param>
/// <param name="Html">Safe markup.</param>
public sealed record MarkdownHtmlBlock(int Id, string Html) : MarkdownBlock(Id);

/// <summary>A block of code: plain text, so that a long one grows line by line instead of being sent again whole.</summary>
/// <param name="Id">Its place in the text.</param>
/// <param name="Language">What the fence says, or empty.</param>
/// <param name="Text">The code.</param>
public sealed record MarkdownCodeBlock(int Id, string Language, string Text) : MarkdownBlock(Id);
