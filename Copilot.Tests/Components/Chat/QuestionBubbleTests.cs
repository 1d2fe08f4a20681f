using Bunit;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Conversation;

namespace Copilot.Tests.Components.Chat;

/// <summary>A question in the conversation.</summary>
public sealed class QuestionBubbleTests : BunitContext
{
    [Fact]
    public void Question_Long_ShowsItsBeginningAndAllOnDemand()
    {
        Assert.Empty(Render<QuestionBubble>(with => with.Add(one => one.Text, "Short")).FindAll("button"));
        var bubble = Render<QuestionBubble>(with => with.Add(one => one.Text, string.Join('\n', Enumerable.Range(1, 40))));
        Assert.Contains("bubble-cut", bubble.Find(".bubble").ClassList);

        bubble.Find("button").Click();

        Assert.DoesNotContain("bubble-cut", bubble.Find(".bubble").ClassList);
        Assert.Equal("true", bubble.Find("button").GetAttribute("aria-expanded"));
        Assert.Equal(ChatText.ShowLess, bubble.Find("button").TextContent);
    }

    [Fact]
    public void Question_WithHiddenCharacters_MarksThem()
    {
        var bubble = Render<QuestionBubble>(with => with.Add(one => one.Text, "pay \u202Eeno"));

        Assert.Equal("⟨U+202E⟩", bubble.Find(".hidden-char").TextContent);
    }
}
