using System.Text;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Folds;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Timeline;

public sealed class HostedItemTests
{
    public static TheoryData<string> Complete => ["hosted, whole", "hosted, only done items", "hosted, only the terminal response"];

    [Theory]
    [MemberData(nameof(Complete))]
    public void Apply_EveryKindFromAnyStream_SaysTheSame(string name)
    {
        var items = TimelineReducer.Apply(TimelineState.Empty, Recordings.All[name]).Items;

        var web = One<WebSearchItem>(items).Facts!;
        Assert.Equal("search", web.Action);
        Assert.Equal(2, web.Queries.Length);
        Assert.Equal(2, web.Sources.Length);
        var files = One<FileSearchItem>(items).Facts!;
        Assert.Equal("priming", Assert.Single(files.Queries));
        Assert.Equal([("CP-40 manual.pdf", 0.91), ("file_2", 0.4)], files.Hits!.Value.Select(hit => (hit.FileName, hit.Score!.Value)));
        var code = One<CodeInterpreterItem>(items);
        Assert.Equal("print(6*7)", code.Input.ToString());
        Assert.Equal(
            ["42\n", "image 0", "https://example.com/plot.png"],
            code.Facts!.Outputs!.Value.Select(output => output.Logs?.Text ?? (output.Image is { } image ? $"image {image.Index}" : output.File)));
        var picture = One<ImageItem>(items);
        Assert.Equal("A red pump", picture.Facts!.RevisedPrompt);
        Assert.Equal("1024x1024", picture.Facts.Size);
        Assert.Equal("png", picture.Facts.Format);
        Assert.InRange(picture.Image!.Bytes, 60, 80);
        var tools = One<McpToolsItem>(items).Facts!;
        Assert.Equal("demo", tools.Server);
        Assert.Equal("lookup_warranty", tools.Tools[0].Name);
        var call = One<McpCallItem>(items);
        Assert.Equal("lookup_warranty", call.Name.Current);
        Assert.Equal("{\"serial\":\"A1\"}", call.Input.ToString());
        Assert.Equal("until 2028", call.Facts!.Output!.Text);
        Assert.Equal(
            ["ls -l\npwd", null, "git status", "@@\n-a\n+b", null],
            items.OfType<CommandItem>().Select(command => command.Facts!.Text?.Text));
        Assert.Equal(["", "", "in /src", "change a.cs", "click at 10, 20"], items.OfType<CommandItem>().Select(command => command.Facts!.Words));
        Assert.Equal("a\n/tmp\n", items.OfType<CommandItem>().ElementAt(1).Facts!.Output!.Text);
        Assert.Equal(2L, items.OfType<CommandItem>().ElementAt(1).Facts!.ExitCode);
        Assert.Equal(8, One<CompactionItem>(items).Facts!.Bytes);
        var unknown = Assert.Single(items, item => item.GetType() == typeof(HostedToolItem));
        Assert.Contains("\"says\"", Encoding.UTF8.GetString(((HostedToolItem)unknown).Item.Current.Span), StringComparison.Ordinal);
        Assert.Equal("SELECT 1", One<ToolCallItem>(items).Arguments.ToString());
        Assert.Equal(["**One** thought.", "**Two** thoughts."], One<ReasoningItem>(items).Parts.Select(part => part.Text.ToString()));
        var answer = One<AnswerItem>(items);
        Assert.Equal([TextPartKind.Answer, TextPartKind.Refusal], answer.Parts.Select(part => part.Kind));
        Assert.Equal(2, answer.Annotations.Length);
        Assert.All(items.OfType<ResponseItem>().Where(item => item is not ToolCallItem), item => Assert.False(item.IsOpen));
    }

    [Fact]
    public void Apply_OnlyDeltasAndProgress_StillMakesTheItems()
    {
        var items = TimelineReducer.Apply(TimelineState.Empty, HostedRecordings.OnlyDeltas().Events).Items;

        Assert.Equal("print(1)", One<CodeInterpreterItem>(items).Input.ToString());
        Assert.Equal("{\"a\":1}", One<McpCallItem>(items).Input.ToString());
        Assert.Equal(["first", "second"], One<CommandItem>(items).Commands.Select(command => command.Text.ToString()));
        Assert.Equal("SELECT 2", One<ToolCallItem>(items).Arguments.ToString());
        Assert.Single(One<ImageItem>(items).Partials);
        Assert.Equal("searching", One<WebSearchItem>(items).Phase.Current);
        Assert.True(One<McpToolsItem>(items).HasFailed);
        Assert.Equal(TextPartKind.Refusal, One<AnswerItem>(items).Parts[0].Kind);
    }

    [Fact]
    public void Apply_AnImage_KeepsItsPlaceInTheLogAndNotItsBytes()
    {
        var log = HostedRecordings.Whole();
        var image = One<ImageItem>(TimelineReducer.Apply(TimelineState.Empty, log.Events).Items);

        Assert.Equal(2, image.Partials.Length);
        Assert.True(image.Item.Current.IsEmpty);
        Assert.All(
            image.Partials.Select(partial => partial.Image.Seq).Append(image.Image!.Seq),
            seq => Assert.Contains(HostedRecordings.Pixel, Encoding.UTF8.GetString(log.Events[(int)seq - 1].Data.Span), StringComparison.Ordinal));
        var half = (ImageItem)image.Clip(image.Partials[0].Image.Seq)!;
        Assert.Equal(image.Partials[0].Image, half.Image);
    }

    [Fact]
    public void Apply_ShellOutput_StreamsPerCommand()
    {
        var log = HostedRecordings.Whole();
        var output = TimelineReducer.Apply(TimelineState.Empty, log.Events).Items.OfType<CommandItem>().ElementAt(1);

        Assert.Equal(["a\n", "/tmp\n"], output.Outputs.Select(one => one.Text.ToString()));
    }

    [Fact]
    public void Apply_EnormousTexts_AreCutAndSaySo()
    {
        var log = new RunLogBuilder().Begin().Send(1, "resp_1").Frame(
            $$$"""{"type":"response.output_item.done","output_index":0,"item":{"id":"mcp_1","type":"mcp_call","server_label":"{{{new string('l', 50_000)}}}","name":"x","arguments":"{}","output":"{{{new string('x', 500_000)}}}"}}""");
        var facts = One<McpCallItem>(TimelineReducer.Apply(TimelineState.Empty, log.Events).Items).Facts!;

        Assert.Equal(HostedToolDetails.MaxText, facts.Output!.Text.Length);
        Assert.Equal(500_000, facts.Output.Length);
        Assert.True(facts.Output.IsCut);
        Assert.Equal(HostedToolDetails.MaxWords, facts.Server.Length);
    }

    [Fact]
    public void Apply_RunThatAsksForJson_MarksItsAnswers()
    {
        var log = new RunLogBuilder()
            .Own(RunEventTypes.RunCreated, new { agent = new { name = "Copilot" }, text_format = new { type = "json_schema", name = "part" } })
            .Send(1, "resp_1")
            .Message(0, "msg_1", null, "{\"a\":1}");

        Assert.True(One<AnswerItem>(TimelineReducer.Apply(TimelineState.Empty, log.Events).Items).IsStructured);
    }

    [Fact]
    public void CitationsOf_AnswerWithSources_GivesEachOnceWithItsWords()
    {
        var log = new RunLogBuilder().Begin().Send(1, "resp_1").Message(0, "msg_1", null, "🙂 First and second.");
        foreach (var annotation in new[]
        {
            """{"type":"url_citation","url":"https://example.com/a","title":"A","start_index":2,"end_index":7}""",
            """{"type":"url_citation","url":"https://example.com/a","title":"A","start_index":12,"end_index":18}""",
            """{"type":"container_file_citation","file_id":"cfile_1","filename":"plot.png","container_id":"cntr_1","start_index":5,"end_index":2}""",
            """{"type":"file_path","file_id":"file_9","index":3}""",
            """{"type":"url_citation","url":7,"start_index":900,"end_index":901}""",
            """[]""",
        })
        {
            log.Frame($$$"""{"type":"response.output_text.annotation.added","item_id":"msg_2","output_index":1,"content_index":0,"annotation":{{{annotation}}}}""");
        }

        log.Delta("output_text", "msg_2", 1, "🙂 First and second.");
        var sources = Citations.Of(TimelineReducer.Apply(TimelineState.Empty, log.Events).Items.OfType<AnswerItem>().Last());

        Assert.Equal(
            [CitationKind.Page, CitationKind.ContainerFile, CitationKind.FilePath, CitationKind.Page],
            sources.Select(source => source.Kind));
        Assert.Equal(["First", "second"], sources[0].Quotes);
        Assert.Equal("plot.png", sources[1].Title);
        Assert.Equal("cfile_1", sources[1].Id);
        Assert.Null(sources[3].Url);
    }

    private static T One<T>(IEnumerable<TimelineItem> items)
        where T : TimelineItem => Assert.Single(items.OfType<T>());
}
