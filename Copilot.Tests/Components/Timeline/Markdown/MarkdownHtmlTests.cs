using Bunit;
using Copilot.Web.Components.Timeline.Markdown;
using Copilot.Web.Components.Timeline.Shared;
using static Copilot.Tests.Components.Timeline.Markdown.ShownMarkdown;

namespace Copilot.Tests.Components.Timeline.Markdown;

/// <summary>What a text becomes on the page, and what it never becomes.</summary>
public sealed class MarkdownHtmlTests : TimelineContext
{
    [Theory]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](java&#10;script:alert(1))")]
    [InlineData("[x](&#106;avascript:alert(1))")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("[x](vbscript:msgbox)")]
    [InlineData("[x](file:///etc/passwd)")]
    [InlineData("[x](//evil.example)")]
    [InlineData("[x](/admin/delete)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("![x](javascript:alert(1))")]
    [InlineData("![x](data:image/svg+xml;base64,PHN2Zz4=)")]
    [InlineData("<a href=\"https://a.example\" onclick=\"x()\">x</a>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<iframe src=\"https://evil.example\"></iframe>")]
    [InlineData("<style>*{display:none}</style>")]
    [InlineData("<svg onload=alert(1)>")]
    [InlineData("`<img src=x onerror=alert(1)>`")]
    [InlineData("```\" onmouseover=\"alert(1)\n<script>alert(1)</script>\n```")]
    [InlineData("| <b onclick=x> | a |\n|---|---|\n| <script> | b |")]
    public void Render_HostileSource_HasNoElementOrAttributeBeyondTheList(string source)
    {
        var body = Parse(source);

        Assert.Empty(body.QuerySelectorAll("script, iframe, img, style, svg, object, embed, form, input, link, meta, a"));
        string[] allowed = ["class", "type", "data-copy", "data-copy-text", "data-wrap", "aria-pressed", "tabindex", "start", "dir"];
        Assert.All(body.QuerySelectorAll("*"), element => Assert.All(element.Attributes, attribute => Assert.Contains(attribute.Name, allowed)));
    }

    [Fact]
    public void Render_Links_ShowWhereTheyLeadAndOpenWithoutAWayBack()
    {
        var body = Parse("[https://bank.example](https://evil.example/x) [mail](mailto:a@b.example) https://plain.example/p [idn](https://аpple.example/) [u](https://bank.example@evil.example/)");

        Assert.Equal(
            ["evil.example", "a@b.example", "xn--pple-43d.example", "evil.example"],
            body.QuerySelectorAll(".md-host").Select(host => host.TextContent.Trim(' ', '(', ')')));
        Assert.Equal(5, body.QuerySelectorAll("a").Length);
        Assert.All(body.QuerySelectorAll("a"), link =>
        {
            Assert.Equal("noopener noreferrer nofollow", link.GetAttribute("rel"));
            Assert.Equal("_blank", link.GetAttribute("target"));
        });
    }

    [Theory]
    [InlineData("[example.com](https://www.example.com/)")]
    [InlineData("[www.example.com](https://example.com/page)")]
    [InlineData("[example.com](https://example.com/page)")]
    public void Render_LinkThatNamesItsHost_DoesNotSayItTwice(string source) =>
        Assert.Empty(Parse(source).QuerySelectorAll(".md-host"));

    [Theory]
    [InlineData("Pay \u202Eeno\u202C now", "Pay ⟨U+202E⟩eno⟨U+202C⟩ now")]
    [InlineData("**a\u200Bb** and `c\u2066d`", "a⟨U+200B⟩b and c⟨U+2066⟩d")]
    [InlineData("tags\U000E0068\U000E0069", "tags⟨U+E0068⟩⟨U+E0069⟩")]
    [InlineData("سلام می\u200Cخواهم \u200F(1)", "سلام می\u200Cخواهم \u200F(1)")]
    [InlineData("ภาษา\u200Bไทย 🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F soft\u00ADhyphen", "ภาษา\u200Bไทย 🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F soft\u00ADhyphen")]
    public void Render_CharactersThatAreNotSeen_AreNamedWhereTheyCouldDeceive(string source, string shown)
    {
        Assert.Equal(shown, Parse(source).TextContent.Trim());
        Assert.Equal(shown, Parse(source + new string('*', 3000)).TextContent.Replace("*", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal).Trim());
    }

    [Fact]
    public void Render_CodeWithCharactersThatAreNotSeen_IsCopiedAsItIs()
    {
        const string Code = "if admin:\u202E # check";
        var block = Render<MarkdownBlockView>(with => with.Add(one => one.Block, new MarkdownCodeBlock(0, "py", Code)));

        Assert.Equal("if admin:⟨U+202E⟩ # check", block.Find("code").TextContent);
        Assert.Equal(Code, block.Find("[data-copy]").GetAttribute("data-copy-text"));
        Assert.Equal(Code, Parse($"- x\n\n  ```py\n  {Code}\n  ```").QuerySelector("[data-copy]")!.GetAttribute("data-copy-text")!.TrimEnd('\n'));
    }

    [Fact]
    public void Render_CodeInAList_SaysThatItWasCopied() =>
        Assert.Equal(TimelineText.Copied, Parse("- x\n\n  ```\n  y\n  ```").QuerySelector("[data-copy]")!.GetAttribute("data-copy"));

    [Fact]
    public void Render_LongCode_IsFoldedUnlessItHasGrownBeforeTheReader()
    {
        var code = string.Join('\n', Enumerable.Range(1, 80));
        var whole = Render<MarkdownBlockView>(with => with.Add(one => one.Block, new MarkdownCodeBlock(0, "", code)));
        Assert.Contains("md-folded", whole.Find("figure").ClassList);
        Assert.Equal(TimelineText.ShowLines(80), whole.Find(".md-more").TextContent);
        whole.Find(".md-more").Click();
        Assert.DoesNotContain("md-folded", whole.Find("figure").ClassList);

        var grown = Render<MarkdownBlockView>(with => with.Add(one => one.Block, new MarkdownCodeBlock(0, "", "1")));
        grown.Render(with => with.Add(one => one.Block, new MarkdownCodeBlock(0, "", code)));
        Assert.DoesNotContain("md-folded", grown.Find("figure").ClassList);
    }

    [Fact]
    public void Render_AnImage_IsALinkWithItsWordsAndLoadsNothing()
    {
        var body = Parse("![a map](https://evil.example/p.png?u=secret) and [![badge](https://i.example/b.svg)](https://go.example)");

        Assert.Empty(body.QuerySelectorAll("img"));
        Assert.Equal("a map", body.QuerySelector("a.md-image")!.TextContent);
        Assert.Equal("(evil.example)", body.QuerySelector("a.md-image + .md-host")!.TextContent.Trim());
        Assert.Equal("badge", body.QuerySelector("a[href='https://go.example/'] .md-image")!.TextContent);
    }

    [Fact]
    public void Render_AddressesWithoutEnd_AreText()
    {
        // Brackets after brackets, looked at from each of a thousand addresses, took minutes.
        var body = Parse(string.Concat(Enumerable.Repeat("(https://^x", 1_000)) + new string(')', 3_000) + " https://a.example/b");

        Assert.Equal("https://a.example/b", Assert.Single(body.QuerySelectorAll("a")).GetAttribute("href"));
    }

    [Theory]
    [InlineData("これは**「注意」**です。**確認済み。**次へ進みます。", "「注意」|確認済み。")]
    [InlineData("**「甲」**と**「乙」**を比べる。", "「甲」|「乙」")]
    [InlineData("請看**重點（必讀）**的說明，**溫度：**10 度。", "重點（必讀）|溫度：")]
    [InlineData("**경고(필독)**를 보세요. **Note:**text stays.", "경고(필독)")]
    public void Render_EmphasisBesideCjk_IsBoldWhereItWasMeant(string source, string bold) => Assert.Equal(
        bold.Split('|'), Parse(source).QuerySelectorAll("strong").Select(one => one.TextContent));

    [Theory]
    [InlineData("見る https://example.com/docs（説明）。次へ https://example.com/a、続き", "https://example.com/docs|https://example.com/a")]
    [InlineData("请看https://example.com/a。然后 https://example.com/b，再 https://example.com/c；「https://example.com/d」", "https://example.com/a|https://example.com/b|https://example.com/c|https://example.com/d")]
    [InlineData("(https://example.com/e) and https://example.com/f_(g) and https://example.com/h. **https://example.com/i** <https://example.com/j> `https://example.com/k`", "https://example.com/e|https://example.com/f_(g)|https://example.com/h|https://example.com/i|https://example.com/j")]
    public void Render_BareAddresses_EndWhereTheyEnd(string source, string addresses) => Assert.Equal(
        addresses.Split('|'), Parse(source).QuerySelectorAll("a").Select(link => link.GetAttribute("href")));

    [Fact]
    public void Render_HarmlessTags_ChangeTheLookAndTheOthersAreText()
    {
        var body = Parse("""
            | Step | Parts | Note |
            |---|---|---|
            | 1 | seal kit<br>O-ring<br/>grease | 2 h<BR />quiet |
            | `a<br>b` | <img src=x onerror=alert(1)> | <br onclick=x>z H<sub>2</sub>O <b>open |
            """);

        Assert.Equal(3, body.QuerySelectorAll("br").Length);
        Assert.Equal("a<br>b", body.QuerySelector("code")!.TextContent);
        Assert.Equal("2", body.QuerySelector("sub")!.TextContent);
        Assert.Empty(body.QuerySelectorAll("img, b"));
        Assert.Contains("<br onclick=x>z", body.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"Use \(x_i * y_i * z\) here.", @"\(x_i * y_i * z\)")]
    [InlineData(@"Inline $\frac{a}{b}$ costs $5 and $10.", @"$\frac{a}{b}$")]
    [InlineData("\\[\na * b * c\n\\]", "a * b * c\n")]
    public void Render_Formulas_KeepEveryCharacter(string source, string formula) =>
        Assert.Equal(formula.TrimEnd('\n'), Assert.Single(Parse(source).QuerySelectorAll("code")).TextContent);

    [Fact]
    public void Render_ScriptsFromRightToLeft_GoThatWayAndCodeDoesNot()
    {
        var body = Parse("- الخطوة الأولى.\n- Second step.\n\n> תנאי\n\n```sh\nls -la # قائمة\n```\n");

        Assert.Equal("rtl", body.QuerySelector("ul")!.GetAttribute("dir"));
        Assert.Equal("rtl", body.QuerySelector("blockquote")!.GetAttribute("dir"));
        Assert.All(body.QuerySelectorAll("li"), item => Assert.Equal("auto", item.GetAttribute("dir")));
        Assert.Equal("ltr", body.QuerySelector("figure")!.GetAttribute("dir"));
    }

    [Fact]
    public void Render_Code_HasColoursAndEveryCharacter()
    {
        const string Code = "var price = 12.50; // \"net\"\nConsole.WriteLine(\"a\\\"b\");\n/* open";

        Assert.Equal(Code, string.Concat(CodeColors.Split(Code, "cs").Select(token => token.Text)));
        Assert.Equal(
            ["var", "12.50", "// \"net\"", "\"a\\\"b\"", "/* open"],
            CodeColors.Split(Code, "cs").Where(token => token.Kind is not CodeTokenKind.Plain).Select(token => token.Text));
    }

    [Fact]
    public void Render_Headings_GoBelowThoseOfThePage() =>
        Assert.Equal("<h3 class=\"md-h1\" dir=\"auto\">A</h3>", Shown([MarkdownHtml.Render(0, "# A")]));
}
