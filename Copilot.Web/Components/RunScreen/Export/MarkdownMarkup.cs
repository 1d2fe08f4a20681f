using System.Net;
using System.Text;
using AngleSharp.Html.Parser;
using Copilot.Domain.Timeline.Text;
using Copilot.Web.Components.Timeline.Markdown;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Export;

/// <summary>A text that grows no more as one piece of markup, for a page without a server: what the screens show, without their buttons.</summary>
internal static class MarkdownMarkup
{
    /// <summary>Safe markup of a text: it has passed the allow-list of <see cref="MarkdownHtml"/>, and asks nobody for anything.</summary>
    /// <param name="text">The Markdown.</param>
    public static string Of(GrowingText text)
    {
        var stream = new MarkdownStream();
        stream.Update(text);
        var markup = new StringBuilder();
        foreach (var block in stream.Blocks)
        {
            markup.Append(block switch
            {
                MarkdownCodeBlock code => Code(code),
                MarkdownHtmlBlock html => WithoutButtons(html.Html),
                _ => "",
            });
        }

        return markup.ToString();
    }

    private static string Code(MarkdownCodeBlock block)
    {
        var markup = new StringBuilder("<figure class=\"md-code\" dir=\"ltr\"><figcaption><span>")
            .Append(WebUtility.HtmlEncode(block.Language.Length == 0 ? TimelineText.PlainText : block.Language))
            .Append("</span></figcaption><pre tabindex=\"0\"><code>");
        foreach (var token in CodeColors.Split(block.Text, block.Language))
        {
            var words = HiddenCharacters.Html(token.Text);
            markup.Append(token.ClassName is { } name ? $"<span class=\"{name}\">{words}</span>" : words);
        }

        return markup.Append("</code></pre></figure>").ToString();
    }

    // Code inside of lists and quotes has them: what they do needs the scripts of the product.
    private static string WithoutButtons(string html)
    {
        if (!html.Contains("<button", StringComparison.Ordinal))
        {
            return html;
        }

        using var document = new HtmlParser().ParseDocument("");
        var body = document.Body!;
        body.InnerHtml = html;
        foreach (var button in body.QuerySelectorAll("button").ToList())
        {
            button.Remove();
        }

        return body.InnerHtml;
    }
}
