using Copilot.Web.Storage.Sessions;

namespace Copilot.Tests.Storage;

public sealed class SessionTitleTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\r\n ", "")]
    [InlineData("  Book a\r\n\ttechnician  ", "Book a technician")]
    [InlineData("a\u0000b\u0007c", "abc")]
    [InlineData("a\u202eb\u2066c\u200bd\ufeff", "abcd")]
    [InlineData("Pay \u202Eeno\u2066 \u200Bnow\uFEFF", "Pay eno now")]
    [InlineData("Seal\U000E0068\U000E0069 kit", "Seal kit")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    public void From_Text_IsOneLine(string text, string expected) => Assert.Equal(expected, SessionTitle.From(text));

    [Theory]
    [InlineData("“Cooling pumps in stock.”\n\nShall I go on?", "Cooling pumps in stock")]
    [InlineData("**Kühlpumpen auf Lager**", "Kühlpumpen auf Lager")]
    [InlineData("I am sorry, but I cannot write a title for this conversation.", null)]
    [InlineData(" \n", null)]
    [InlineData(null, null)]
    public void FromModel_Answer_IsATitleOrNone(string? answer, string? expected) => Assert.Equal(expected, SessionTitle.FromModel(answer));

    [Fact]
    public void From_LongText_IsShortenedBetweenCharacters()
    {
        var technician = "🧑‍🔧";

        var title = SessionTitle.From(string.Concat(Enumerable.Repeat(technician, 100)));

        Assert.Equal(string.Concat(Enumerable.Repeat(technician, SessionTitle.MaxLength)) + "…", title);
    }

    [Fact]
    public void From_LettersUnderHeapsOfMarks_AreCut() =>
        Assert.Equal("Z" + new string('\u0335', 31) + "a", SessionTitle.From("Z" + new string('\u0335', 5_000) + "a"));

    [Fact]
    public void From_TextOfExactlyTheLength_IsUnchanged()
    {
        var text = new string('x', SessionTitle.MaxLength);

        Assert.Equal(text, SessionTitle.From(text));
    }
}
