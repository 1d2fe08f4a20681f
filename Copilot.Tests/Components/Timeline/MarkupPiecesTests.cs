using Bunit;
using Copilot.Web.Components.Timeline.Markdown;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.RenderTree;

namespace Copilot.Tests.Components.Timeline;

#pragma warning disable BL0006 // The frames are what is compared.

/// <summary>A block that grows is sent in pieces: together they are the block, and a new word changes the newest only.</summary>
public sealed class MarkupPiecesTests : TimelineContext
{
    private static readonly string s_words = string.Join(' ', Enumerable.Range(0, 300).Select(n => $"word{n}"));

    public static TheoryData<string> Sources =>
    [
        s_words,
        s_words.Replace(" word", " *& <word> & \"word\"* word", StringComparison.Ordinal),
        new string('水', 1000),
        string.Concat(Enumerable.Repeat("😀", 600)),
        string.Concat(Enumerable.Repeat("&<", 600)),
        string.Join('\n', Enumerable.Range(0, 60).Select(n => $"- point {n} with [a link](https://example.com/?a=1&b={n}) and `code > {n}`\n  - {s_words[..(n * 10)]}")),
        "| a | b |\n|---|--:|\n" + string.Concat(Enumerable.Range(0, 80).Select(n => $"| {n} | **{n * n}** |\n")),
        "> " + s_words + "\n>\n> - x\n>\n>   ```sql\n>   select '" + s_words + "'\n>   ```",
    ];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Draw_AnyBlock_TogetherIsItsMarkup(string source)
    {
        var html = ((MarkdownHtmlBlock)MarkdownHtml.Render(0, source)).Html;

        var pieces = Render(builder => MarkupPieces.Draw(builder, html));

        Assert.Equal(Whole(html), Whole(pieces.Markup));
        Assert.True(Frames(html).Count > 3);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Draw_ABlockThatGrows_ChangesOnlyItsNewestPieces(string source)
    {
        var before = Frames("");
        var (sent, whole) = (0, 0);
        for (var length = 20; length < source.Length; length += 20)
        {
            var html = ((MarkdownHtmlBlock)MarkdownHtml.Render(0, source[..length])).Html;
            var frames = Frames(html);
            whole += html.Length;
            sent += frames.Skip(before.Zip(frames).TakeWhile(two => two.First == two.Second).Count()).Sum(frame => frame.Length);
            before = frames;
        }

        // Twenty characters, with the piece that they are in.
        Assert.True(sent < whole / 2, $"{sent} instead of {whole} for {source.Length}");
    }

    private static string Whole(string html)
    {
        using var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument("");
        document.Body!.InnerHtml = html;
        return document.Body.InnerHtml;
    }

    private static List<string> Frames(string html)
    {
        using var builder = new RenderTreeBuilder();
        MarkupPieces.Draw(builder, html);
        var frames = builder.GetFrames();
        return [.. frames.Array.Take(frames.Count).Select(frame => frame.FrameType switch
        {
            RenderTreeFrameType.Element => "<" + frame.ElementName,
            RenderTreeFrameType.Attribute => $"{frame.AttributeName}={frame.AttributeValue}",
            RenderTreeFrameType.Markup => "m" + frame.MarkupContent,
            _ => "t" + frame.TextContent,
        })];
    }
}
