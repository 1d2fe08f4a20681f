using System.Net;
using AngleSharp.Dom;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>Names what cannot be seen in an answer, or turns what follows around, in its place.</summary>
internal static class HiddenCharacters
{
    private const string ClassName = "hidden-char";

    /// <summary>Marks them in all texts of an element.</summary>
    public static void Mark(IDocument document, IElement element)
    {
        foreach (var text in element.Descendants<IText>().Where(text => VisibleText.HasHiddenInProse(text.Data)).ToList())
        {
            text.Replace([.. VisibleText.SplitProse(text.Data).Select(part => Show(document, part))]);
        }
    }

    /// <summary>A text as HTML, with its marks.</summary>
    public static string Html(string text) => string.Concat(VisibleText.SplitProse(text).Select(part => part.IsMark
        ? $"<span class=\"{ClassName}\">{WebUtility.HtmlEncode(part.Text)}</span>"
        : WebUtility.HtmlEncode(part.Text)));

    private static INode Show(IDocument document, VisiblePart part)
    {
        if (!part.IsMark)
        {
            return document.CreateTextNode(part.Text);
        }

        var mark = document.CreateElement("span");
        mark.ClassName = ClassName;
        mark.TextContent = part.Text;
        return mark;
    }
}
