using Bunit;
using Copilot.Domain.Timeline;
using Copilot.Tests.Shared;
using Copilot.Tests.Timeline;
using Copilot.Web.Components.Timeline;

namespace Copilot.Tests.Components.Timeline;

public sealed class AnswerViewTests : TimelineContext
{
    [Fact]
    public void Render_WhileTheTextGrows_DrawsOnlyTheOpenBlock()
    {
        var log = new RunLogBuilder().Begin().Send(1, "resp_1").Message(0, "msg_1", null, "# Title\n\nFirst.\n\nSec", "ond", " block");
        var deltas = log.Events.Where(e => e.Type == "response.output_text.delta").Select(e => e.Seq).ToList();
        var whole = Fold(log);
        var answer = Render<AnswerView>(p => p.Add(a => a.Item, TimelineClip.At(whole, deltas[0]).Answers[0]));
        var blocks = answer.FindComponents<MarkdownBlockView>();
        Assert.Equal(3, blocks.Count);

        foreach (var seq in deltas.Skip(1))
        {
            answer.Render(p => p.Add(a => a.Item, TimelineClip.At(whole, seq).Answers[0]));
        }

        Assert.Equal([1, 1, 3], answer.FindComponents<MarkdownBlockView>().Select(block => block.RenderCount));
        Assert.Equal("Second block", answer.FindAll("p")[^1].TextContent);
        Assert.Contains("open", answer.Find(".answer").ClassList);
        answer.Render(p => p.Add(a => a.Item, whole.Answers[0]));
        Assert.DoesNotContain("open", answer.Find(".answer").ClassList);
    }

    [Fact]
    public void Render_Code_HasItsLanguageAndACopyButton()
    {
        var text = string.Join('\n', Enumerable.Range(0, 60).Select(n => $"line {n} <b>"));
        var state = Fold(new RunLogBuilder().Begin().Send(1, "r").Message(0, "m", null, $"```csharp\n{text}\n```\n\n- x\n\n  ```sql\n  select 1\n  ```\n"));
        var answer = Render<AnswerView>(p => p.Add(a => a.Item, state.Answers[0]));

        Assert.Equal(["csharp", "sql"], answer.FindAll("figcaption span").Select(label => label.TextContent));
        Assert.Equal(2, answer.FindAll("button[data-copy]").Count);
        Assert.Equal(text, answer.Find("pre code").TextContent);
        Assert.Equal(3, answer.FindAll("pre code > span").Count);
    }

    [Fact]
    public void Render_ARefusal_IsMarkedAsOne()
    {
        var answer = Render<AnswerView>(p => p.Add(a => a.Item, Fold(Recordings.Sparse()).Answers[0]));

        Assert.Equal("Not that.", answer.Find(".refusal").TextContent.Trim());
    }

    [Fact]
    public void Render_Citations_AreLinksThatShowTheirHost()
    {
        var answer = Render<AnswerView>(p => p.Add(a => a.Item, Fold(Recordings.Hosted()).Answers[0]));

        Assert.Equal("https://example.com/", answer.Find(".sources a").GetAttribute("href"));
        Assert.Equal("example.com", answer.Find(".sources .host").TextContent);
    }

    [Fact]
    public void Render_ACutAnswer_SaysSo()
    {
        var answer = Render<AnswerView>(p => p.Add(a => a.Item, Fold(Recordings.FellBackAndFailed()).Answers[0]));

        Assert.Equal("The answer was cut off here.", answer.Find(".cut").TextContent);
    }
}
