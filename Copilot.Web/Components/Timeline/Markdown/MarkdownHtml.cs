using System.Buffers;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Copilot.Domain.Timeline.Text;
using Copilot.Web.Components.Timeline.Shared;
using Ganss.Xss;
using Markdig;
using Markdig.Syntax;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>
/// Turns the source of one Markdown block into something safe to show. Model and tool text is hostile: raw HTML is not parsed at
/// all, and what Markdig makes passes an allow-list of elements, attributes and URL schemes. Nothing is loaded from elsewhere.
/// </summary>
internal static class MarkdownHtml
{
    /// <summary>More marks of emphasis, links and code than this in one block, and it is shown as it was written.</summary>
    private const int MostMarks = 2000;

    private static readonly SearchValues<char> s_marks = SearchValues.Create("*_~[]!`<");

    /// <summary>May be used from many threads at once: nothing sets it after this.</summary>
    private static readonly HtmlSanitizer s_sanitizer = CreateSanitizer();

    /// <summary>The block of a source that holds one top-level block; several, or none that can be parsed, come as markup.</summary>
    /// <param name="id">The block's place.</param>
    /// <param name="source">Its Markdown.</param>
    /// <param name="definitions">Where links of the block lead that name their target elsewhere in the text; may be empty.</param>
    public static MarkdownBlock Render(int id, string source, string definitions = "")
    {
        if (IsHostile(source))
        {
            return Plain(id, source);
        }

        try
        {
            var document = Markdig.Markdown.Parse(
                definitions.Length == 0 ? source : $"{source.TrimEnd()}\n\n{definitions}", MarkdownPipelines.Whole);
            return document.Where(block => block is not LinkReferenceDefinitionGroup).ToArray() is [CodeBlock code]
                ? new MarkdownCodeBlock(id, Language((code as FencedCodeBlock)?.Info), code.Lines.ToString())
                : new MarkdownHtmlBlock(id, Clean(document.ToHtml(MarkdownPipelines.Whole)));
        }
        catch (ArgumentException)
        {
            // Nested too deeply for Markdig: shown as it was written.
            return Plain(id, source);
        }
    }

    /// <summary>Lets only the allow-list through, makes links honest and dresses the rest.</summary>
    internal static string Clean(string html)
    {
        // A parser without style sheets: no style attribute is let through, and reading them costs the most.
        using var document = new HtmlParser().ParseDocument("");
        var body = document.Body!;
        body.InnerHtml = html;
        s_sanitizer.SanitizeDom(document, body);
        foreach (var element in body.QuerySelectorAll("*").ToList())
        {
            Dress(document, element);
        }

        HiddenCharacters.Mark(document, body);

        return body.InnerHtml;
    }

    private static HtmlSanitizer CreateSanitizer()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
            {
                "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "ul", "ol", "li",
                "blockquote", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "input",
                "sub", "sup", "kbd", "b", "i", "u", "s", "ins", "mark", "small",
            },
            AllowedAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href", "src", "alt", "start", "class", "checked" },
            AllowedSchemes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto" },
            UriAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href", "src" },
        })
        {
            KeepChildNodes = true,
        };
        sanitizer.RemovingAttribute += (_, removing) =>
        {
            // The one style that Markdig writes, as a class.
            if (removing.Attribute.Name == "style" && Alignment(removing.Attribute.Value) is { } align)
            {
                removing.Tag.ClassName = align;
            }
        };
        return sanitizer;
    }

    private static MarkdownHtmlBlock Plain(int id, string source) =>
        new(id, $"<p class=\"md-plain\" dir=\"auto\">{HiddenCharacters.Html(source)}</p>");

    /// <summary>
    /// The time to match emphasis and brackets grows with the square of their number: 10,000 in one block took 2 s. No honest
    /// block has so many, except code, where they mean nothing.
    /// </summary>
    private static bool IsHostile(string source)
    {
        var start = source.AsSpan().TrimStart();
        return source.Length > MostMarks
            && !start.StartsWith("```", StringComparison.Ordinal)
            && !start.StartsWith("~~~", StringComparison.Ordinal)
            && CountMarks(source) > MostMarks;
    }

    private static int CountMarks(ReadOnlySpan<char> source)
    {
        var count = 0;
        for (var at = source.IndexOfAny(s_marks); at >= 0; at = source.IndexOfAny(s_marks))
        {
            count++;
            source = source[(at + 1)..];
        }

        return count;
    }

    /// <summary>Takes the attributes that were let through away again and writes what each element needs.</summary>
    private static void Dress(IDocument document, IElement element)
    {
        var name = element.LocalName;
        var href = element.GetAttribute(name == "img" ? "src" : "href");
        var alternative = element.GetAttribute("alt");
        var language = Language(element.ClassList.FirstOrDefault(one => one.StartsWith("language-", StringComparison.Ordinal))?[9..]);
        var align = element.ClassName;
        var start = element.GetAttribute("start");
        var isChecked = element.HasAttribute("checked");
        foreach (var attribute in element.Attributes.ToList())
        {
            element.RemoveAttribute(attribute.Name);
        }

        switch (name)
        {
            case "a":
                MarkdownLinks.Write(document, element, href);
                break;

            case "img":
                MarkdownLinks.WriteImage(document, element, href, alternative);
                break;

            case "input":
                // The box of a task list: nothing here can be ticked.
                element.Replace(document.CreateTextNode(isChecked ? "☑" : "☐"));
                break;

            case "ol" or "ul" or "blockquote":
                if (name == "ol" && int.TryParse(start, out var first))
                {
                    element.SetAttribute("start", first.ToString(System.Globalization.CultureInfo.InvariantCulture));
                }

                Turn(element);
                break;

            case "p" or "li" or "th" or "td":
                if (align is "md-right" or "md-center")
                {
                    element.ClassName = align;
                }

                element.SetAttribute("dir", "auto");
                break;

            case "table":
                Turn(element);
                Wrap(document, element, "div", "md-table").SetAttribute("tabindex", "0");
                break;

            case "code" when element.ParentElement?.LocalName == "pre":
                Colour(document, element, language);
                Frame(document, element.ParentElement, language);
                break;

            case "code":
                element.SetAttribute("dir", "ltr");
                break;

            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                Lower(document, element, name[1] - '0');
                break;
        }
    }

    // A list has its marks, and a table its first column, on the side where its words begin.
    private static void Turn(IElement element)
    {
        if (TextDirection.IsRightToLeft(element.TextContent))
        {
            element.SetAttribute("dir", "rtl");
        }
    }

    /// <summary>The page has headings of its own: those of a text go two levels down and keep their look.</summary>
    private static void Lower(IDocument document, IElement heading, int level)
    {
        var lower = document.CreateElement($"h{Math.Min(6, level + 2)}");
        lower.ClassName = $"md-h{level}";
        lower.SetAttribute("dir", "auto");
        lower.Append([.. heading.ChildNodes]);
        heading.Replace(lower);
    }

    private static void Colour(IDocument document, IElement code, string language)
    {
        var tokens = CodeColors.Split(code.TextContent, language);
        code.TextContent = "";
        foreach (var token in tokens)
        {
            if (token.ClassName is { } className)
            {
                var piece = document.CreateElement("span");
                piece.ClassName = className;
                piece.TextContent = token.Text;
                code.AppendChild(piece);
            }
            else
            {
                code.AppendChild(document.CreateTextNode(token.Text));
            }
        }
    }

    private static void Frame(IDocument document, IElement pre, string language)
    {
        var figure = Wrap(document, pre, "figure", "md-code");
        var caption = document.CreateElement("figcaption");
        var label = document.CreateElement("span");
        label.TextContent = language.Length == 0 ? TimelineText.PlainText : language;
        var wrap = document.CreateElement("button");
        wrap.SetAttribute("type", "button");
        wrap.SetAttribute("class", "caption-button");
        wrap.SetAttribute("data-wrap", "");
        wrap.SetAttribute("aria-pressed", "false");
        wrap.TextContent = TimelineText.WrapLines;
        var copy = document.CreateElement("button");
        copy.SetAttribute("type", "button");
        copy.SetAttribute("class", "caption-button");
        copy.SetAttribute("data-copy", TimelineText.Copied);
        copy.TextContent = TimelineText.Copy;
        if (VisibleText.HasHiddenInProse(pre.TextContent))
        {
            copy.SetAttribute("data-copy-text", pre.TextContent);
        }

        caption.Append(label, wrap, copy);
        figure.Prepend(caption);
        pre.SetAttribute("tabindex", "0");
        figure.SetAttribute("dir", "ltr");
    }

    private static IElement Wrap(IDocument document, IElement element, string name, string className)
    {
        var box = document.CreateElement(name);
        box.ClassName = className;
        element.Replace(box);
        box.Append(element);
        return box;
    }

    private static string Language(string? info) =>
        info is not null && info.Length is > 0 and <= 24 && info.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '#' or '.')
            ? info
            : "";

    private static string? Alignment(string? style) => style?.Replace(" ", "", StringComparison.Ordinal).TrimEnd(';') switch
    {
        "text-align:right" => "md-right",
        "text-align:center" => "md-center",
        _ => null,
    };
}
