using AngleSharp.Html.Parser;
using Copilot.Web.Components.Timeline.Markdown;
using Markdig;

namespace Copilot.Tests.Components.Timeline.Markdown;

/// <summary>What Markdown looks like on a page.</summary>
internal static class ShownMarkdown
{
    public static AngleSharp.Dom.IElement Parse(string source) =>
        new HtmlParser().ParseDocument(Shown([MarkdownHtml.Render(0, source)])).Body!;

    public static string Whole(string markdown) => Normal(MarkdownHtml.Clean(Markdig.Markdown.ToHtml(markdown, MarkdownPipelines.Whole)));

    public static string Shown(IEnumerable<MarkdownBlock> blocks) => Normal(string.Concat(blocks.Select(block => block switch
    {
        MarkdownCodeBlock code => MarkdownHtml.Clean(
            $"<pre><code class=\"language-{code.Language}\">{System.Net.WebUtility.HtmlEncode(code.Text)}</code></pre>"),
        MarkdownHtmlBlock html => html.Html,
        _ => "",
    })));

    /// <summary>Line breaks between blocks, and the one that ends code, show nothing.</summary>
    private static string Normal(string html)
    {
        var body = new HtmlParser().ParseDocument(html).Body!;
        foreach (var code in body.QuerySelectorAll("pre code"))
        {
            code.TextContent = code.TextContent.TrimEnd('\n');
        }

        foreach (var text in body.ChildNodes.Where(node => node.NodeType is AngleSharp.Dom.NodeType.Text).ToList())
        {
            text.TextContent = text.TextContent.Trim();
        }

        return body.InnerHtml.Trim();
    }
}
