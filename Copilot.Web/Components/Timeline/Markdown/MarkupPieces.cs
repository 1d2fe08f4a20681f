using System.Net;
using Microsoft.AspNetCore.Components.Rendering;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>
/// Draws the markup of a block that grows in pieces, so that a new word sends its piece and not the whole block. Where a piece ends is
/// decided by what comes before it alone: what was drawn stays as it is. Together the pieces are the markup.
/// </summary>
internal static class MarkupPieces
{
    /// <summary>A piece is closed once it is longer than this, in characters.</summary>
    internal const int Length = 240;

    private const int LongestEntity = 10;

    // What may be opened and filled piece by piece; anything else is drawn as a whole.
    private static readonly HashSet<string> s_open = new(StringComparer.Ordinal)
    {
        "p", "ul", "ol", "li", "blockquote", "div", "table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "h5", "h6", "strong", "em", "del",
        "a", "sub", "sup", "b", "i", "u", "s", "ins", "mark", "small", "span", "figure", "pre", "code",
    };

    private static readonly HashSet<string> s_void = new(StringComparer.Ordinal) { "br", "hr", "img", "input", "wbr" };

    /// <summary>Adds the pieces of a block. Each kind of frame has one sequence number, as in a loop.</summary>
    /// <param name="builder">What is drawn into.</param>
    /// <param name="html">Well-formed markup that has passed the allow-list (<see cref="MarkdownHtml"/>).</param>
    public static void Draw(RenderTreeBuilder builder, string html)
    {
        var at = 0;
        while (at < html.Length)
        {
            // An end without its beginning is not ours; it is drawn as it stands.
            var from = at;
            at = DrawInside(builder, html, at);
            if (at == from)
            {
                builder.AddMarkupContent(3, html[at..]);
                return;
            }
        }
    }

    /// <summary>Draws up to the end of the element that is open; gives where its end tag begins.</summary>
    private static int DrawInside(RenderTreeBuilder builder, string html, int at)
    {
        var from = at;
        while (at < html.Length && !IsEnd(html, at))
        {
            if (html[at] == '<')
            {
                var end = EndOfElement(html, at);
                var name = NameAt(html, at + 1);
                if (end - at > Length && s_open.Contains(name))
                {
                    Close(builder, html, from, at);
                    at = DrawElement(builder, html, at, name);
                    from = at;
                    continue;
                }

                at = end;
            }
            else
            {
                var next = html.IndexOf('<', at);
                var end = next < 0 ? html.Length : next;
                while (end - from > Length && Cut(html, at, from + Length) is var cut && cut < end)
                {
                    Close(builder, html, from, cut);
                    (from, at) = (cut, cut);
                }

                at = end;
            }

            if (at - from > Length)
            {
                Close(builder, html, from, at);
                from = at;
            }
        }

        Close(builder, html, from, at);
        return at;
    }

    private static int DrawElement(RenderTreeBuilder builder, string html, int at, string name)
    {
        builder.OpenElement(0, name);
        at += name.Length + 1;
        while (html[at] != '>')
        {
            // A blank, the name, and the value in quotes.
            var equals = html.IndexOf('=', at);
            var quote = html.IndexOf('"', equals + 2);
            builder.AddAttribute(1, html[(at + 1)..equals], WebUtility.HtmlDecode(html[(equals + 2)..quote]));
            at = quote + 1;
        }

        at = DrawInside(builder, html, at + 1);
        builder.CloseElement();
        return EndOfTag(html, at);
    }

    private static void Close(RenderTreeBuilder builder, string html, int from, int to)
    {
        if (from == to)
        {
            return;
        }

        // Plain words are a text: its node stays in place while it grows.
        var piece = html[from..to];
        if (piece.Contains('<', StringComparison.Ordinal))
        {
            builder.AddMarkupContent(3, piece);
        }
        else
        {
            builder.AddContent(2, WebUtility.HtmlDecode(piece));
        }
    }

    /// <summary>Where a text is cut: after the last blank before <paramref name="to"/>, else there, but never inside of a character.</summary>
    private static int Cut(string html, int from, int to)
    {
        if (to <= from)
        {
            return from;
        }

        var blank = html.LastIndexOf(' ', to - 1, to - from);
        if (blank > from)
        {
            return blank + 1;
        }

        var entity = html.LastIndexOf('&', to - 1, Math.Min(LongestEntity, to - from));
        if (entity > from && html.IndexOf(';', entity) >= to)
        {
            return entity;
        }

        return char.IsLowSurrogate(html[to]) ? to + 1 : to;
    }

    private static bool IsEnd(string html, int at) => html[at] == '<' && at + 1 < html.Length && html[at + 1] == '/';

    private static string NameAt(string html, int at)
    {
        var end = at;
        while (end < html.Length && char.IsAsciiLetterOrDigit(html[end]))
        {
            end++;
        }

        return html[at..end];
    }

    private static int EndOfElement(string html, int at)
    {
        var depth = 0;
        while (at < html.Length)
        {
            var isEnd = IsEnd(html, at);
            var name = isEnd ? "" : NameAt(html, at + 1);
            at = EndOfTag(html, at);
            depth += isEnd ? -1 : s_void.Contains(name) ? 0 : 1;
            if (depth == 0)
            {
                return at;
            }

            var next = html.IndexOf('<', at);
            at = next < 0 ? html.Length : next;
        }

        return at;
    }

    // A value in quotes may hold what looks like the end.
    private static int EndOfTag(string html, int at)
    {
        var quoted = false;
        for (; at < html.Length; at++)
        {
            if (html[at] == '"')
            {
                quoted = !quoted;
            }
            else if (html[at] == '>' && !quoted)
            {
                return at + 1;
            }
        }

        return at;
    }
}
