using Bunit;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Timeline;
using Copilot.Web.Components.Timeline.Answers;
using Copilot.Web.Components.Timeline.Markdown;
using Copilot.Web.Components.Timeline.Shared;

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
        Assert.Equal(3, answer.FindAll("pre code > span:not([class])").Count);
    }

    [Fact]
    public void Render_ARefusal_IsMarkedAsOne()
    {
        var answer = Render<AnswerView>(p => p.Add(a => a.Item, Fold(Recordings.Sparse()).Answers[0]));

        Assert.Equal("Not that.", answer.Find(".refusal .md").TextContent.Trim());
        Assert.Equal(TimelineText.ModelDeclined, answer.Find(".refusal").GetAttribute("aria-label"));
    }

    [Fact]
    public void Render_Citations_AreLinksThatShowTheirHost()
    {
        var answer = Render<AnswerView>(p => p.Add(a => a.Item, Fold(Recordings.Hosted()).Answers[0]));

        Assert.Equal("https://example.com/", answer.Find(".sources a").GetAttribute("href"));
        Assert.Equal("example.com", answer.Find(".sources .host").TextContent);
    }

    [Fact]
    public void Render_HostileCitations_AreNumberedTextWithoutALink()
    {
        var log = new RunLogBuilder().Begin().Send(1, "r").Message(0, "m", null, "Read this.");
        foreach (var (title, url) in new[]
        {
            ("<img src=x onerror=alert(1)>", "javascript:alert(1)"),
            ("A bank", "https://user:secret@xn--bnk-sna.example/long?next=/"),
            ("Data", "data:text/html,<b>hi</b>"),
            ("Mail", "mailto:a@b.example"),
            ("Report\\u202Efdp.exe", "https://example.com/"),
            // Names that have no form in ASCII.
            ("Page", "https://\\u2488.example/"),
            ("Other page", "https://a\\u200D.example/"),
        })
        {
            log.Frame($$$"""{"type":"response.output_text.annotation.added","item_id":"m","output_index":0,"content_index":0,"annotation":{"type":"url_citation","title":"{{{title}}}","url":"{{{url}}}","start_index":0,"end_index":4}}""");
        }

        var answer = Render<AnswerView>(p => p.Add(a => a.Item, Fold(log).Answers[0]));

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], answer.FindAll(".sources li").Select(item => item.GetAttribute("value")));
        Assert.Empty(answer.FindAll("img"));
        Assert.Equal(2, answer.FindAll(".sources a").Count);
        var link = answer.Find(".sources a");
        Assert.Equal("Report⟨U+202E⟩fdp.exe", answer.FindAll(".sources a")[1].TextContent);
        Assert.Equal("noopener noreferrer nofollow", link.GetAttribute("rel"));
        Assert.Equal("xn--bnk-sna.example/long?next=/", answer.FindAll(".sources .host")[1].TextContent);
        Assert.Empty(answer.FindAll(".sources q"));
    }

    [Fact]
    public void Render_FileThatTheCodeMade_IsNamedWithoutItsId()
    {
        var log = new RunLogBuilder().Begin().Send(1, "r").Message(0, "m", null, "See the chart.")
            .Frame("""{"type":"response.output_text.annotation.added","item_id":"m","output_index":0,"content_index":0,"annotation":{"type":"container_file_citation","container_id":"cntr_1","file_id":"cfile_1","filename":"chart.png","start_index":8,"end_index":13}}""");

        var source = Assert.Single(Render<AnswerView>(p => p.Add(a => a.Item, Fold(log).Answers[0])).FindAll(".sources li"));

        Assert.Equal("chart.png", source.QuerySelector(".title")!.TextContent.Trim());
        Assert.Equal(TimelineText.MadeByTheCode, source.QuerySelector(".host")!.TextContent);
        Assert.DoesNotContain("cfile_1", source.TextContent, StringComparison.Ordinal);
        Assert.Empty(source.QuerySelectorAll("a"));

        // In a conversation it can be downloaded, from the server.
        var answer = Fold(log).Answers[0];
        var link = Render<AnswerView>(p => p.Add(a => a.Item, answer).Add(a => a.RunId, "run_1")).Find(".sources a");
        Assert.Equal($"/runs/run_1/events/{answer.Annotations[0].Seq}/made-file/cfile_1", link.GetAttribute("href"));
        Assert.True(link.HasAttribute("download"));
    }

    [Fact]
    public void Render_AStructuredAnswer_IsFormattedJsonWithACopyButton()
    {
        var log = new RunLogBuilder()
            .Own(Copilot.Domain.Runs.Events.Payloads.RunEventTypes.RunCreated, new { text_format = new { type = "json_schema" } })
            .Send(1, "r")
            .Message(0, "m", null, "{\"a\":", "[1,\"<b>\"]}");
        var whole = Fold(log);
        var open = TimelineClip.At(whole, log.Events.Last(e => e.Type == "response.output_text.delta").Seq);
        var answer = Render<AnswerView>(p => p.Add(a => a.Item, open.Answers[0]));
        Assert.Equal("{\"a\":[1,\"<b>\"]}", answer.Find("pre code").TextContent);

        answer.Render(p => p.Add(a => a.Item, whole.Answers[0]));

        Assert.Equal("{\n  \"a\": [\n    1,\n    \"<b>\"\n  ]\n}", answer.Find("pre code").TextContent);
        Assert.Single(answer.FindAll("figure > figcaption button[data-copy]"));
        Assert.Empty(answer.FindAll(".broken"));
    }

    [Fact]
    public void Render_AnAnswerThatShouldBeJsonAndIsNot_SaysSo()
    {
        var log = new RunLogBuilder()
            .Own(Copilot.Domain.Runs.Events.Payloads.RunEventTypes.RunCreated, new { text_format = new { type = "json_object" } })
            .Send(1, "r")
            .Message(0, "m", null, "{\"a\":");

        Assert.NotNull(Render<AnswerView>(p => p.Add(a => a.Item, Fold(log).Answers[0])).Find(".broken"));
    }

    [Fact]
    public void Render_ACutAnswer_SaysSo()
    {
        var answer = Render<AnswerView>(p => p.Add(a => a.Item, Fold(Recordings.FellBackAndFailed()).Answers[0]));

        Assert.Equal(TimelineText.AnswerCutOff, answer.Find(".cut").TextContent);
    }
}
