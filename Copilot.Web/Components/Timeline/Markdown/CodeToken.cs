namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>A piece of code with one colour.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The piece.</param>
internal readonly record struct CodeToken(CodeTokenKind Kind, string Text)
{
    /// <summary>The class that colours it; null for none.</summary>
    public string? ClassName => Kind switch
    {
        CodeTokenKind.Keyword => "tok-keyword",
        CodeTokenKind.Text => "tok-text",
        CodeTokenKind.Number => "tok-number",
        CodeTokenKind.Comment => "tok-comment",
        CodeTokenKind.Name => "tok-name",
        _ => null,
    };
}
