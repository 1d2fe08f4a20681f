using System.Globalization;
using AngleSharp.Dom;
using Copilot.Web.Security;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>Links of hostile text: three schemes, a visible target, a window of their own without a way back.</summary>
internal static class MarkdownLinks
{
    /// <summary>The target of a link, or null when it may not be one.</summary>
    public static Uri? Target(string? href) =>
        Uri.TryCreate(href?.Trim(), UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" or "mailto"
        && (uri.Scheme == "mailto" || uri.Host.Length > 0)
        && uri.HasUsableHost()
            ? uri
            : null;

    /// <summary>What is shown beside a link: the host in its ASCII form, so that look-alike letters show.</summary>
    public static string Where(Uri target) =>
        target.Scheme == "mailto" ? $"{target.UserInfo}@{target.IdnHost}" : target.IdnHost;

    /// <summary>Makes an emptied <c>a</c> a safe link; one without a permitted target becomes its text.</summary>
    public static void Write(IDocument document, IElement link, string? href)
    {
        if (Target(href) is not { } target)
        {
            link.Replace([.. link.ChildNodes]);
            return;
        }

        link.SetAttribute("href", target.AbsoluteUri);
        link.SetAttribute("rel", "noopener noreferrer nofollow");
        link.SetAttribute("target", "_blank");
        if (!SaysItself(link.TextContent, href, target))
        {
            var where = document.CreateElement("span");
            where.ClassName = "md-host";
            where.TextContent = string.Create(CultureInfo.InvariantCulture, $" ({Where(target)})");
            link.After(where);
        }
    }

    /// <summary>An image is never loaded: it becomes a link with its alternative text, or that text alone.</summary>
    public static void WriteImage(IDocument document, IElement image, string? source, string? alternative)
    {
        var words = string.IsNullOrWhiteSpace(alternative) ? "image" : alternative;
        if (Target(source) is null || image.Closest("a") is not null)
        {
            var text = document.CreateElement("span");
            text.ClassName = "md-image";
            text.TextContent = words;
            image.Replace(text);
            return;
        }

        var link = document.CreateElement("a");
        link.TextContent = words;
        link.ClassName = "md-image";
        image.Replace(link);
        Write(document, link, source);
    }

    private static bool SaysItself(string text, string? href, Uri target)
    {
        var words = text.Trim();
        return target.UserInfo.Length == 0 || target.Scheme == "mailto"
            ? words == href || words == Where(target)
                || (words.Length > 0 && target.Scheme != "mailto" && (words == target.OriginalString || WithoutWww(words) == WithoutWww(Where(target))))
            : false;
    }

    // People write an address without it, and it leads to the same house.
    private static string WithoutWww(string host) => host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
}
