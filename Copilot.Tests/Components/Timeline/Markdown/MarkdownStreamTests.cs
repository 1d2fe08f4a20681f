using Copilot.Domain.Timeline.Text;
using Copilot.Web.Components.Timeline.Markdown;
using static Copilot.Tests.Components.Timeline.Markdown.ShownMarkdown;

namespace Copilot.Tests.Components.Timeline.Markdown;

/// <summary>An answer that grows, and goes back in time: always what its whole text would be.</summary>
public sealed class MarkdownStreamTests
{
    public static TheoryData<string> Texts =>
    [
        "Plain words.\n\nAnother *paragraph* with **bold**, `code` and ~~old~~.\nLazy line.",
        "# Title\nText right after.\n## Second\n\n---\n\nEnd",
        "Setext\n===\n\nOther\n---\n\ntext\n***\nmore",
        "- a\n- b\n  - c\n\n  loose\n- d\n\nAfter the list.\n\n1. one\n2. two\n   continued\n\n* other\n* list",
        "Before\n```csharp\nvar x = \"<b>\";\n\n# no heading\n```\nAfter\n\n~~~\nplain ``` fence\n~~~\nend",
        "```json\n{\n  \"open\": true,\n\n  \"more\": 1",
        "    indented code\n\n    still code\n\ntext\n    lazy not code\n\n- item\n\n      code in item\n",
        "| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 | `x|y` |\n\nAfter\n\nlead in\n| c |\n|---|\n| 4 |\nno table",
        "> quoted\n> more\nlazy\n\n> second\n\n> - list\n>   in quote",
        "1. a\n\n   ```py\n   print(1)\n\n   print(2)\n   ```\n2. b\n\n> ```\n> open in quote",
        "Windows\r\nlines\r\n\r\n- a\r\n- b\r\n\r\n```\r\ncode\r\n```\r\n",
        "https://example.com/a?b=c and <https://example.org> and [x](https://example.net \"t\")\n\n![alt](https://evil.example/p.png)",
        "Hard  \nbreak\\\nhere &amp; there &lt;b&gt; <i>raw</i> <script>alert(1)</script>\n\n<div>\nblock\n</div>\n\nend",
        "\n\n\n  leading blank lines\n\n\n\n- x\n\n\n\ny\n\n",
        "A [link][1] and [another].\n\nMore words.\n\n[1]: https://example.com/a\n[another]: https://example.com/b \"b\"\n",
        "Solve\n\n\\[\na_1 * b_1 =\n\n- c\n\\]\n\nand \\(x_i * y_i\\) or $$z^2$$ or $\\alpha$ for $5 and $10.\n\n$$\nx\n$$\nend",
        "````md\nx\n````\n\n```markdown\nHere:\n```js\nlet a = 1;\n```\nThere.\n```\nAfter\n",
        "これは**「注意」**です。見る https://example.com/docs（説明）。\n\n- [x] done\n- [ ] open\n\na<br>b H<sub>2</sub>O\n",
        "-\n- \n+ x\n\n*\n\n_\n\n#\n\n##\ttab\n\n>\n",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Update_AtEveryPrefix_EqualsTheWholeMarkdown(string text)
    {
        var stream = new MarkdownStream();
        var growing = GrowingText.Empty;
        for (var end = 1; end <= text.Length; end++)
        {
            growing = growing.Append(new SeqMark(end, DateTimeOffset.UnixEpoch), text[(end - 1)..end]);
            stream.Update(growing);
            Assert.Equal(Whole(text[..end]), Shown(stream.Blocks));
            Assert.Equal(Enumerable.Range(0, stream.Blocks.Count), stream.Blocks.Select(block => block.Id));
        }

        var once = new MarkdownStream();
        once.Update(growing);
        Assert.Equal(stream.Blocks, once.Blocks);
    }

    [Fact]
    public void Update_WhenTheTextGrows_KeepsTheReferencesOfClosedBlocks()
    {
        var stream = new MarkdownStream();
        var text = GrowingText.Empty.Append(new SeqMark(1, default), "# A\n\nOne.\n\n```\ncode\n```\n\nTwo");
        stream.Update(text);
        var before = stream.Blocks.ToList();

        stream.Update(text.Append(new SeqMark(2, default), " and more.\n\nThree"));

        Assert.Equal(4, before.Count);
        Assert.Equal(5, stream.Blocks.Count);
        Assert.All(Enumerable.Range(0, 3), index => Assert.Same(before[index], stream.Blocks[index]));
        Assert.NotSame(before[3], stream.Blocks[3]);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Update_BackAndForth_EqualsTheWholeMarkdown(string text)
    {
        var whole = GrowingText.Empty;
        for (var end = 1; end <= text.Length; end++)
        {
            whole = whole.Append(new SeqMark(end, DateTimeOffset.UnixEpoch), text[(end - 1)..end]);
        }

        var stream = new MarkdownStream();
        var random = new Random(7);
        foreach (var end in Enumerable.Range(0, 60).Select(_ => random.Next(text.Length + 1)))
        {
            stream.Update(whole.Clip(end));
            Assert.Equal(Whole(text[..end]), Shown(stream.Blocks));
        }
    }

    [Fact]
    public void Update_BackInTime_KeepsTheReferencesOfWhatStays()
    {
        var stream = new MarkdownStream();
        var text = GrowingText.Empty.Append(new SeqMark(1, default), "# A\n\nOne.\n\n").Append(new SeqMark(2, default), "Two.\n\nThree.");
        stream.Update(text);
        var before = stream.Blocks.ToList();

        stream.Update(text.Clip(1));

        Assert.Equal(2, stream.Blocks.Count);
        Assert.Same(before[0], stream.Blocks[0]);
    }

    [Fact]
    public void Update_WhenTheFinalTextIsAnother_StartsAfresh()
    {
        var stream = new MarkdownStream();
        var text = GrowingText.Empty.Append(new SeqMark(1, default), "# Wrong\n\nwords\n\nhere");
        stream.Update(text);

        stream.Update(text.Finish(new SeqMark(2, default), "Right"));

        Assert.Equal("<p dir=\"auto\">Right</p>", Shown(stream.Blocks));
    }

    [Theory]
    [InlineData(">", 5000)]
    [InlineData("- ", 3000)]
    [InlineData("[", 20000)]
    [InlineData("*a ", 10000)]
    [InlineData("![](", 5000)]
    [InlineData("`", 20000)]
    [InlineData("<", 20000)]
    [InlineData("| a ", 5000)]
    [InlineData("word ", 60000)]
    public void Update_HugeOrNestedInput_IsShownWithoutAnError(string piece, int times)
    {
        var stream = new MarkdownStream();
        stream.Update(GrowingText.Empty.Append(new SeqMark(1, default), string.Concat(Enumerable.Repeat(piece, times))));
        Assert.NotEmpty(stream.Blocks);
    }

    [Theory]
    [InlineData(2_200_000)]
    [InlineData(90_000)]
    public void Update_ListNestedWithoutEnd_IsNotParsed(int length)
    {
        var text = string.Concat(Enumerable.Range(0, 1500).Select(depth => new string(' ', depth * 2) + "- x\n"));
        var stream = new MarkdownStream();
        stream.Update(GrowingText.Empty.Append(new SeqMark(1, default), text[..Math.Min(text.Length, length)]));

        Assert.IsType<MarkdownCodeBlock>(Assert.Single(stream.Blocks));
    }

    [Fact]
    public void Update_MarksOfAnotherRenderer_AreNotShownHoweverTheyAreCut()
    {
        const string Text = "It rains.\uE200cite\uE202turn0search0\uE201 Take a coat【4:0†source】. 【注意】";
        for (var size = 1; size < 12; size++)
        {
            var stream = new MarkdownStream();
            var growing = GrowingText.Empty;
            foreach (var piece in Text.Chunk(size))
            {
                growing = growing.Append(new SeqMark(growing.Length + 1, default), new string(piece));
                stream.Update(growing);
            }

            Assert.Equal("<p dir=\"auto\">It rains. Take a coat. 【注意】</p>", Shown(stream.Blocks));
        }
    }
}
