using AngleSharp.Dom;
using Bunit;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Timeline;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Conversation;
using Copilot.Web.Components.Timeline.Rows.HostedTools;
using Copilot.Web.Components.Timeline;
using Copilot.Web.Components.Timeline.Cards;
using Copilot.Web.Components.Timeline.Rows;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Tests.Components.Timeline;

public sealed class HostedLinesTests : TimelineContext
{
    private static readonly TimelineState s_whole = Fold(HostedRecordings.Whole());

    [Fact]
    public void RunTimeline_EveryKind_HasALineOfItsOwn()
    {
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, s_whole).Add(t => t.Folded, false));

        Assert.Equal(
            [
                $"{HostedToolText.WebSearch(null, open: false)}, done", $"{HostedToolText.FileSearch(open: false)}, done", $"{HostedToolText.RanCode(open: false)}, done", $"{HostedToolText.Image(open: false, failed: false)}, done", $"{HostedToolText.ServersTools}, done",
                "demo: lookup_warranty, done", $"{HostedToolText.Command}, done", $"{HostedToolText.Printed}, failed", $"{HostedToolText.Command}, done", $"{HostedToolText.Patch}, done", $"{HostedToolText.Computer}, done",
                "brand new, done",
            ],
            timeline.FindAll("article.hosted").Select(line => line.GetAttribute("aria-label")));
        Assert.Single(timeline.FindComponents<CompactionLine>());
        Assert.Contains(TimelineText.Shortened, timeline.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(HostedRecordings.Pixel, timeline.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void WebSearch_Open_ShowsQueriesAndOnlySafeLinks()
    {
        var body = Open<WebSearchLine, WebSearchItem>();

        Assert.Equal(["pump recall", "CP-40 recall"], body.QuerySelectorAll("ul li").Select(query => query.TextContent.Trim()));
        Assert.Equal("https://example.com/recall", Assert.Single(body.QuerySelectorAll("a")).GetAttribute("href"));
        Assert.Contains(TimelineText.UnsafeAddress, body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void FileSearch_Open_ShowsFileScoreAndExcerpt()
    {
        var body = Open<FileSearchLine, FileSearchItem>();

        Assert.Equal(["CP-40 manual.pdf", "file_2"], body.QuerySelectorAll("strong").Select(name => name.TextContent));
        Assert.Equal("score 0.91", body.QuerySelector("small")!.TextContent.Trim());
        Assert.Equal("Prime the pump first.", body.QuerySelector("blockquote")!.TextContent);
    }

    [Fact]
    public void CodeInterpreter_Open_ShowsCodeLogsPictureAndFile()
    {
        var body = Open<CodeInterpreterLine, CodeInterpreterItem>();

        Assert.Equal(["print(6*7)", "42\n"], body.QuerySelectorAll("code").Select(code => code.TextContent));
        Assert.StartsWith("/runs/run_1/events/", body.QuerySelector("img")!.GetAttribute("src"), StringComparison.Ordinal);
        Assert.Contains("https://example.com/plot.png", body.TextContent, StringComparison.Ordinal);
        Assert.Single(body.QuerySelectorAll("img"));
    }

    [Fact]
    public void Image_Open_ShowsTheFinalOneItsPromptAndThoseOnTheWay()
    {
        var body = Open<ImageLine, ImageItem>();
        var image = s_whole.Items.OfType<ImageItem>().Single();

        Assert.Equal(
            image.Partials.Select(partial => partial.Image).Prepend(image.Image!).Select(one => ImageAddress.Of("run_1", one)),
            body.QuerySelectorAll("img").Select(one => one.GetAttribute("src")));
        Assert.Equal("A red pump", body.QuerySelector("img")!.GetAttribute("alt"));
        Assert.Contains("1024x1024 · low quality · png", body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void McpCall_Open_ShowsServerArgumentsAndResult()
    {
        var body = Open<McpCallLine, McpCallItem>();

        Assert.Contains("demo", body.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Arguments", "Result"], body.QuerySelectorAll("figcaption > span:first-child").Select(label => label.TextContent));
    }

    [Fact]
    public void McpTools_WithAnError_IsRed()
    {
        var log = Done("""{"id":"l","type":"mcp_list_tools","server_label":"crm","tools":[],"error":{"type":"http","message":"401 <b>no</b>"}}""");
        var line = Line<McpToolsLine, McpToolsItem>(Fold(log));

        Assert.Contains("danger", line.Find("article").ClassList);
        line.Find("button.head").Click();
        Assert.Equal("401 <b>no</b>", line.Find(".problem").TextContent);
    }

    [Fact]
    public void Command_WithAnExitCode_IsRedAndShowsWhatWasPrinted()
    {
        var state = Fold(HostedRecordings.OnlyDone());
        var output = Render<CommandLine>(p => p.Add(l => l.Item, state.Items.OfType<CommandItem>().ElementAt(1)));
        output.Find("button.head").Click();

        Assert.Contains("danger", output.Find("article").ClassList);
        Assert.Equal("a\n/tmp\n", output.Find("code").TextContent);
        Assert.Contains(HostedToolText.ExitCode(2), output.Find(".note").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_Open_ShowsTypeStatusAndJson()
    {
        var line = Render<HostedToolLine>(p => p.Add(l => l.Item, (HostedToolItem)s_whole.Items.Single(item => item.GetType() == typeof(HostedToolItem))));
        line.Find("button.head").Click();

        Assert.Contains("\"it\": \"says\"", line.Find("code").TextContent, StringComparison.Ordinal);
        Assert.Contains("brand_new_call", line.Find(".facts .id").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_WhileItWorks_HasARingAClockAndThePhase()
    {
        var log = HostedRecordings.Whole();
        var searching = TimelineClip.At(s_whole, log.Events.First(e => e.Type == "response.web_search_call.searching").Seq);
        var line = Line<WebSearchLine, WebSearchItem>(searching);

        Assert.Equal(HostedToolText.CardLabel(HostedToolText.WebSearch(null, open: true), "searching"), line.Find("article").GetAttribute("aria-label"));
        Assert.NotNull(line.Find("svg.ring"));
        Assert.Equal("searching", line.Find(".word").TextContent);
        Assert.NotNull(line.Find(".tick"));
    }

    [Fact]
    public void Render_ACutCall_SaysSo()
    {
        var line = Line<McpCallLine, McpCallItem>(Fold(HostedRecordings.Cut()));

        Assert.Equal(TimelineText.CutOff, line.Find(".word").TextContent);
    }

    [Fact]
    public void Render_HostileText_StaysText()
    {
        var log = Done("""{"id":"m","type":"mcp_call","server_label":"<script>1</script>","name":"<img src=x onerror=1>","arguments":"</pre><script>","output":"<iframe>"}""");
        var line = Line<McpCallLine, McpCallItem>(Fold(log));
        line.Find("button.head").Click();

        Assert.Empty(line.FindAll("script, img, iframe"));
        Assert.Equal("<iframe>", line.FindAll("code")[1].TextContent);
    }

    [Fact]
    public void Render_ALongOutput_ShowsAPreviewAndSaysWhatIsMissing()
    {
        var log = Done($$"""{"id":"m","type":"mcp_call","server_label":"s","name":"n","arguments":"{}","output":"{{new string('x', 100_000)}}"}""");
        var line = Line<McpCallLine, McpCallItem>(Fold(log));
        line.Find("button.head").Click();

        Assert.True(line.FindAll("code")[1].TextContent.Length < 2_000);
        Assert.Contains("100,000 characters", line.Find(".note").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void RunPictures_ImagesAndCharts_StandInTheConversation()
    {
        var pictures = Render<RunPictures>(p => p.Add(r => r.RunId, "run_1").Add(r => r.Items, s_whole.Items));

        Assert.Equal(2, pictures.FindAll("img").Count);
        Assert.All(pictures.FindAll("img"), image => Assert.Equal("lazy", image.GetAttribute("loading")));
        Assert.Empty(Render<RunPictures>(p => p.Add(r => r.RunId, "run_1").Add(r => r.Items, Fold(Recordings.Booking()).Items)).FindAll("img"));
    }

    [Fact]
    public void ToolCard_CustomTool_ShowsItsInput()
    {
        var card = Render<ToolCard>(p => p.Add(c => c.Item, s_whole.ToolCalls.Single()));
        Assert.Equal("SELECT 1", card.Find(".about").TextContent);

        card.Find("button.head").Click();

        Assert.Equal("Input", card.Find("figcaption > span").TextContent);
    }

    [Fact]
    public void AnswerLine_ARefusalAlone_SaysDeclined()
    {
        var log = Done("""{"id":"m","type":"message","role":"assistant","content":[{"type":"refusal","refusal":"No."}]}""");

        var line = Render<AnswerLine>(p => p.Add(l => l.Item, Fold(log).Answers[0]).Add(l => l.IsAnswer, true));

        Assert.Equal("Declined", line.Find("strong").TextContent);
    }

    private static RunLogBuilder Done(string item) => new RunLogBuilder().Begin().Send(1, "r")
        .Frame($$$"""{"type":"response.output_item.done","output_index":0,"item":{{{item}}}}""");

    private IRenderedComponent<TLine> Line<TLine, TItem>(TimelineState state)
        where TLine : TimelineItemView<TItem>
        where TItem : TimelineItem =>
        Render<TLine>(p => p.Add(l => l.Item, state.Items.OfType<TItem>().Single()).AddCascadingValue("RunId", "run_1"));

    private IElement Open<TLine, TItem>()
        where TLine : TimelineItemView<TItem>
        where TItem : TimelineItem
    {
        var line = Line<TLine, TItem>(s_whole);
        Assert.Empty(line.FindAll(".body"));
        line.Find("button.head").Click();
        Assert.Equal("true", line.Find("button.head").GetAttribute("aria-expanded"));
        return line.Find(".body");
    }
}
