using Copilot.Web.Supervision;

namespace Copilot.Tests.Supervision;

/// <summary>What a row of the wall shows of an answer that streams.</summary>
public sealed class PlainExcerptTests
{
    [Theory]
    [InlineData("I added the note to **Contoso** (`not_1`).", false, "I added the note to Contoso (not_1).")]
    [InlineData("ython”\n- **Remember**: my name is Ada", true, "Remember: my name is Ada")]
    [InlineData("| What | Details |\n|---|---|\n| Customer | Contoso |", false, "What · Details · Customer · Contoso")]
    [InlineData("I found two entries:\n\n| Name | Stock |\n|---|---|\n| Seal | 4 |", false, "I found two entries: Name · Stock · Seal · 4")]
    [InlineData("one\n\ntwo\nthree", false, "one · two · three")]
    [InlineData("## Answer\nIt is in Leeds", false, "Answer · It is in Leeds")]
    [InlineData("2 * 3 = 6, a_b_c", false, "2 * 3 = 6, a_b_c")]
    [InlineData("無料で使えます", true, "無料で使えます")]
    [InlineData("It can be *italic*, ~~struck out~~ and [linked](https://example.com).", false, "It can be italic, struck out and linked.")]
    [InlineData("2*3*4 and 5 * 6 * 7, 5* hotel", false, "2*3*4 and 5 * 6 * 7, 5* hotel")]
    [InlineData("**", false, "")]
    public void Of_Words_AreOneLineWithoutMarks(string words, bool isCut, string expected) =>
        Assert.Equal(expected, PlainExcerpt.Of(words, isCut));
}
