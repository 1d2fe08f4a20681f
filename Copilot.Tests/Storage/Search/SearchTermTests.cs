using Copilot.Web.Storage.Search;

namespace Copilot.Tests.Storage.Search;

/// <summary>What texts and searches become in the index.</summary>
public sealed class SearchTermTests
{
    [Theory]
    [InlineData("The Pump's  ÜBER-lauf 12", "the pump s uber lauf 12")]
    [InlineData("東京都 pump", "東京 京都 都 pump")]
    [InlineData("pump東京", "pump 東京 京")]
    [InlineData("ปั๊ม", "ปั ั๊ ๊ม ม")]
    [InlineData("서울에서", "서울 울에 에서 서")]
    [InlineData("ＡＢＣ１２", "abc12")]
    [InlineData("e\u0301te\u0301", "ete")]
    [InlineData("\u0301\u0301 ½ ---", "12")]
    [InlineData("a\0b\ud800c\udc00", "a b c")]
    public void Of_Text_IsItsTokens(string text, string tokens) => Assert.Equal(tokens, SearchTokens.Of(text));

    [Theory]
    [InlineData("cooling pump", "cooling*|pump*")]
    [InlineData("\"cooling pump\" leeds", "cooling pump|leeds*")]
    [InlineData("“cooling pump”", "cooling pump")]
    [InlineData("PO-17", "po 17*")]
    [InlineData("東", "東*")]
    [InlineData("東京都", "東京 京都")]
    [InlineData("東京pump", "東京 京 pump*")]
    [InlineData("a a A", "a*")]
    [InlineData("a AND NOT b* NEAR(c) text:d \"", "a*|and*|not*|b*|near c*|text d*")]
    [InlineData("\"\" ' -- ;*() ^ \0 \ud800", "")]
    [InlineData("", "")]
    public void Parse_Search_IsWordsAndPhrases(string search, string terms) =>
        Assert.Equal(terms, string.Join('|', SearchTerm.Parse(search).Select(term => term.Tokens + (term.IsPrefix ? "*" : ""))));

    [Theory]
    [InlineData("😀", true)]
    [InlineData(" -- ", true)]
    [InlineData("😀 pump", false)]
    [InlineData("  ", false)]
    public void IsWithoutWords_Search_IsWhereSomethingWasTypedAndNoWord(string search, bool isWithout) => Assert.Equal(isWithout, SearchTerm.IsWithoutWords(search));

    [Fact]
    public void Parse_LongSearch_IsCut()
    {
        Assert.Equal(8, SearchTerm.Parse(string.Join(' ', Enumerable.Range(100, 2_000))).Count);
        Assert.Equal(SearchTokens.MaxLength, Assert.Single(SearchTerm.Parse(new string('x', 10_000))).Tokens.Length);
        Assert.Equal(64, Assert.Single(SearchTerm.Parse(new string('東', 10_000))).Tokens.Split(' ').Length);
    }

    [Theory]
    [InlineData("Two cooling PUMPS in Leeds", "pump", "Two cooling [PUMP]S in Leeds")]
    [InlineData("Überlauf über alles", "uber", "[Über]lauf [über] alles")]
    [InlineData("昨日東京都の在庫を見た", "京都", "昨日東[京都]の在庫を見た")]
    [InlineData("昨日東京都の在庫を見た", "在庫", "昨日東京都の[在庫]を見た")]
    [InlineData("ผมต้องการปั๊มน้ำเย็น", "ปั๊ม", "ผมต้องการ[ปั๊ม]น้ำเย็น")]
    [InlineData("a cooling pump, and pumps cooling", "\"cooling pump\"", "a [cooling pump], and pumps cooling")]
    [InlineData("order PO-17 now", "po-1", "order [PO-1]7 now")]
    [InlineData("nothing here", "pump", "nothing here")]
    public void Show_Text_MarksWhatWasFound(string text, string search, string shown)
    {
        var snippet = FoundText.Show("run_1", text, SearchTerm.Parse(search));

        Assert.Equal(shown, string.Concat(snippet.Parts.Select(part => part.IsFound ? $"[{part.Text}]" : part.Text)));
    }

    [Fact]
    public void Show_LongText_IsTheSurroundingsOfTheFirstPlace()
    {
        var snippet = FoundText.Show("run_1", $"{string.Join(' ', Enumerable.Repeat("before", 100))} pump {string.Join(' ', Enumerable.Repeat("after", 100))}", SearchTerm.Parse("pump"));

        var shown = string.Concat(snippet.Parts.Select(part => part.Text));
        Assert.StartsWith("…before", shown, StringComparison.Ordinal);
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
        Assert.Equal("pump", Assert.Single(snippet.Parts, part => part.IsFound).Text);
        Assert.InRange(shown.Length, 100, 210);
    }
}
