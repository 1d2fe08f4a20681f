using Copilot.Web.Runs.Comments;

namespace Copilot.Tests.Runs.Comments;

public sealed class MentionTextTests
{
    private static readonly CommentPerson[] s_people = [new("1", "Ada"), new("2", "Supervisor 1"), new("3", "Supervisor 10"), new("4", "Émile"), new("5", "Ada")];

    [Theory]
    [InlineData("", "")]
    [InlineData("Nobody @ all", "")]
    [InlineData("@Ada", "1 5")]
    [InlineData("Please look, @ada!", "1 5")]
    [InlineData("@Adam", "")]
    [InlineData("write to mail@Ada", "")]
    [InlineData("@Supervisor 10", "3")]
    [InlineData("@Supervisor 1, and @Supervisor 10.", "2 3")]
    [InlineData("@Supervisor 11", "")]
    [InlineData("@émile\n@Ada@Ada", "1 4 5")]
    [InlineData("@", "")]
    public void Find_InAText_IsWhoIsNamed(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', MentionText.Find(text, s_people).Select(person => person.Id).Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("@Ada")]
    [InlineData("a @Ada b @Supervisor 1@")]
    [InlineData("@@Ada @")]
    public void Split_OfAnyText_IsTheTextAgain(string text) =>
        Assert.Equal(text, string.Concat(MentionText.Split(text, s_people).Select(part => part.Text)));
}
