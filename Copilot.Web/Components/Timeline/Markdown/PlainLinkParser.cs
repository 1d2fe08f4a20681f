using System.Buffers;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>
/// A bare address in the text. Chinese, Japanese and Korean put no space around it: it may begin behind any of their letters, and it ends
/// before their punctuation.
/// </summary>
internal sealed class PlainLinkParser : InlineParser
{
    private static readonly SearchValues<char> s_ends = SearchValues.Create(
        " \t\r\n<>\"`|\\（）〈〉《》「」『』【】〔〕〖〗［］｛｝、。，．；：！？“”‘’…—　");

    // No browser takes a longer one, and to look at a text of brackets from each of its addresses takes minutes.
    private const int Longest = 2000;

    public PlainLinkParser() => OpeningCharacters = ['h', 'H'];

    /// <inheritdoc/>
    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var text = slice.Text.AsSpan(slice.Start, slice.Length);
        var scheme = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : 0;
        if (scheme == 0 || !MayPrecede(slice.PeekCharExtra(-1)) || IsInLink(processor))
        {
            return false;
        }

        var end = text[..Math.Min(text.Length, Longest)].IndexOfAny(s_ends);
        if (end < 0 && text.Length > Longest)
        {
            return false;
        }

        var address = Trim(end < 0 ? text : text[..end]);
        if (address.Length <= scheme || !Uri.TryCreate(address.ToString(), UriKind.Absolute, out _))
        {
            return false;
        }

        var words = new StringSlice(slice.Text, slice.Start, slice.Start + address.Length - 1);
        var link = new LinkInline(address.ToString(), "") { IsClosed = true, IsAutoLink = true, Line = processor.LineIndex };
        link.AppendChild(new LiteralInline { Content = words, IsClosed = true, Line = processor.LineIndex });
        processor.Inline = link;
        slice.Start += address.Length;
        return true;
    }

    private static bool MayPrecede(char before) => !char.IsAscii(before) || before is '\0' or ' ' or '\t' or '\r' or '\n' or '*' or '_' or '~' or '(' or '|';

    // As GitHub does: what ends a sentence is not part of the address, nor is a bracket that was not opened in it.
    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> address)
    {
        while (!address.IsEmpty)
        {
            var last = address[^1];
            if (last is '?' or '!' or '.' or ',' or ':' or ';' or '*' or '_' or '~' or '\'' || (last == ')' && address.Count(')') > address.Count('(')))
            {
                address = address[..^1];
            }
            else
            {
                return address;
            }
        }

        return address;
    }

    private static bool IsInLink(InlineProcessor processor)
    {
        for (var inline = processor.Inline; inline is not null; inline = inline.Parent)
        {
            if (inline is LinkDelimiterInline { IsActive: true })
            {
                return true;
            }
        }

        return false;
    }
}
