using System.Text;
using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Export;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Replay;

public sealed class RunExportTests
{
    private static readonly Redaction s_all = new()
    {
        Arguments = true,
        Results = true,
        Names = true,
        People = ["Staff One"],
        Patterns = [Redaction.PatternOf("pump")!, Redaction.PatternOf(@"\d{3}")!],
    };

    public static TheoryData<string> Logs => [.. GoldenLog.Names];

    /// <summary>What stands in a file, and what is said of it.</summary>
    public static TheoryData<string, string> Broken => new()
    {
        { "", "empty" },
        { "\n", "no export" },
        { "hello", "no export" },
        { "[1,2]", "no export" },
        { "{\"run_id\":\"run_1\"}", "no export" },
        { Header.Replace(":1,", ":2,", StringComparison.Ordinal), "newer version" },
        { "{\"copilot_export\":1}", "no export" },
        { "{\"copilot_export\":1,\"runs\":[],\"clip\":null,\"redacted\":[]}", "names no runs" },
        { "{\"copilot_export\":1,\"runs\":[\"run_1\",\"run_1\"],\"clip\":null,\"redacted\":[]}", "names no runs" },
        { "{\"copilot_export\":1,\"runs\":[\"run_1\"],\"clip\":\"../../etc\",\"redacted\":[]}", "clip is none" },
        { new string('[', 5000), "no export" },
        { Header + "\n<script>alert(1)</script>", "Line 2: it is no event." },
        { Header + "\n" + Event(1)[..60], "cut off in line 2" },
        { Header, "does not" },
        { Header + "\n{}", "Line 2: it is no event." },
        { Header + "\n\n" + Event(1), "Line 2: it is no event." },
        { Header + "\n" + Event(2), "event 1 is missing" },
        { Header + "\n" + Event(1) + "\n" + Event(1), "event 2 is missing" },
        { Header + "\n" + Event(1) + "\n" + Event(3), "event 2 is missing" },
        { Header + "\n" + Event(1).Replace("run_1", "run_2", StringComparison.Ordinal), "does not name" },
        { Header + "\n" + Event(1).Replace("\"at\":1", "\"at\":-1", StringComparison.Ordinal), "time is none" },
        { Header + "\n" + Event(1).Replace("system", "martian", StringComparison.Ordinal), "it is no event." },
        { Header + "\n" + Event(1).Replace("AAAA", "%%%", StringComparison.Ordinal), "it is no event." },
        { Header + "\n" + Event(1).Replace("run.started", new string('x', 900), StringComparison.Ordinal), "too long" },
    };

    private static string Header => "{\"copilot_export\":1,\"runs\":[\"run_1\"],\"clip\":null,\"redacted\":[]}";

    [Theory]
    [MemberData(nameof(Logs))]
    public void Read_WhatWasWritten_IsWrittenAgainByteForByte(string name)
    {
        var export = RunExport.Of(GoldenLog.Read(name).Runs, clip: null, Redaction.None);

        var file = export.ToUtf8();
        var read = RunExport.Read(file);

        Assert.Equal(file.ToArray(), read.ToUtf8().ToArray());
        Assert.Equal(export.Events.Count, read.Events.Count);
        Assert.Null(read.FindBroken());
        for (var place = 0; place < export.Events.Count; place++)
        {
            Assert.Equal(export.Events[place].Data.ToArray(), read.Events[place].Data.ToArray());
            Assert.Equal(export.Events[place].At, read.Events[place].At);
        }
    }

    [Fact]
    public void Read_AnyBytes_AreWrittenAgainByteForByte()
    {
        var log = new RunLogBuilder().Begin("ราคา 東京 قطعة नमस्ते 😀 \u2028\u0085\0");
        byte[][] odd =
        [
            """{"half":"\ud83d"}"""u8.ToArray(), """{"a":1,"a":2}"""u8.ToArray(), "{\"raw\":\"\r\n\t\"}"u8.ToArray(), "not json"u8.ToArray(), "\uFEFF{}"u8.ToArray(),
            [0x7B, 0x22, 0xFF, 0xC0, 0x80, 0x22, 0x7D], [0xED, 0xA0, 0x80], [0], [.. "{\"long\":\""u8, .. Enumerable.Repeat((byte)'x', 100_000), .. "\"}"u8],
        ];
        foreach (var data in odd)
        {
            log.Raw(EventSource.Agent, "odd", data, callId: null, actor: null);
        }

        var export = RunExport.Of([log.Events], clip: null, Redaction.None);
        var file = export.ToUtf8();
        var read = RunExport.Read(file);

        Assert.Equal(file.ToArray(), read.ToUtf8().ToArray());
        Assert.Equal(odd, read.Events.Where(one => one.Type == "odd").Select(one => one.Data.ToArray()));
        Assert.Equal(log.Events.Select(one => one.Data.ToArray()), read.Events.Select(one => one.Data.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void Redacted_GoldenLog_StreamsAsItDidAndSaysNothingCovered(string name)
    {
        var runs = GoldenLog.Read(name).Runs;

        var file = RunExport.Of(runs, clip: null, s_all).ToUtf8();
        var read = RunExport.Read(file);

        Assert.Equal(file.ToArray(), read.ToUtf8().ToArray());
        Assert.DoesNotContain("pump", Encoding.UTF8.GetString(file.Span), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("usr_1", Encoding.UTF8.GetString(file.Span), StringComparison.Ordinal);
        foreach (var run in runs)
        {
            var before = TimelineReducer.Apply(TimelineState.Empty, run);
            var after = TimelineReducer.Apply(TimelineState.Empty, read.Events.Where(one => one.RunId == run[0].RunId));

            Assert.Equal(before.Status, after.Status);
            Assert.Equal(before.Items.Select(Shape), after.Items.Select(Shape));
            Assert.All(after.Items.OfType<ToolCallItem>(), call => Assert.True(call.Arguments.ToString().All(letter => letter == '█')));
            Assert.All(after.Items.OfType<ToolCallItem>(), call => Assert.True(call.Output?.All(letter => letter == '█') ?? true));
        }
    }

    [Fact]
    public void Redacted_WordThatCameInTwoPieces_IsCoveredInBoth()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1").Message(0, "msg_1", null, "Ask Cont", "oso today").Complete("resp_1").End();

        var export = RunExport.Of([log.Events], clip: null, new Redaction { Patterns = [Redaction.PatternOf("contoso")!] });

        var state = TimelineReducer.Apply(TimelineState.Empty, export.Events);
        Assert.Equal("Ask ███████ today", state.AnswerText);
        Assert.Equal(0, state.Answers[0].Parts[0].Text.Generation);
        Assert.DoesNotContain("Ask Cont", Encoding.UTF8.GetString(export.ToUtf8().Span), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Jörg Müller")]
    [InlineData("Jo\u0308rg MU\u0308LLER")]
    [InlineData("""J\u00f6rg M\u00FCller""")]
    [InlineData("""J\\u00f6rg\u0020M\\u00fcller""")]
    public void Redacted_NameInAnyForm_IsCovered(string written)
    {
        var output = $$"""{"seller":"{{written}}","note":"none"}""";
        var log = new RunLogBuilder().Begin().Connect().Own(RunEventTypes.ToolCompleted, new { name = "crm", output }).End();

        var export = RunExport.Of([log.Events], clip: null, new Redaction { Names = true, People = ["Jörg Müller"] });

        var completed = Assert.IsType<ToolCompleted>(export.Events.Single(one => one.Type == RunEventTypes.ToolCompleted).Payload);
        Assert.Equal(output.Replace(written, new string('█', written.Length), StringComparison.Ordinal), completed.Output);
    }

    [Fact]
    public void Redacted_WhatTheClientSentAndTheUpstreamCanRead_IsCovered()
    {
        var log = new RunLogBuilder()
            .Own(RunEventTypes.RunCreated, new { user_id = "usr_2", metadata = new Dictionary<string, string> { ["customer contoso"] = "Contoso, by usr_3" }, agent = new { name = "Copilot" } })
            .Own("helped", new { helper = "usr_3" })
            .Own("unknown", new { item = new { encrypted_content = "gAAAAContoso" } });

        var text = Encoding.UTF8.GetString(RunExport.Of([log.Events], clip: null, new Redaction { Names = true, Patterns = [Redaction.PatternOf("contoso")!, Redaction.PatternOf(@"by usr_\d")!] }).ToUtf8().Span);

        foreach (var word in (string[])["contoso", "usr_", "gAAAA"])
        {
            Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Clip_OfARun_HoldsItsEventsOnly()
    {
        var log = new RunLogBuilder().Begin("A secret question").Connect().End();

        var read = RunExport.Read(RunExport.Of([log.Events], new SeqRange(4, 5), Redaction.None).ToUtf8());

        Assert.Equal([4, 5], read.Events.Select(one => one.Seq));
        Assert.Equal(new SeqRange(4, 5), read.Header.Clip);
        Assert.Null(read.FindBroken());
    }

    [Fact]
    public void FindBroken_AnEventThatWasChanged_IsFound()
    {
        var text = Encoding.UTF8.GetString(RunExport.Of(GoldenLog.Read("completed-run-completed").Runs, clip: null, Redaction.None).ToUtf8().Span);

        var changed = RunExport.Read(Encoding.UTF8.GetBytes(text.Replace("run.started", "run.Started", StringComparison.Ordinal)));

        Assert.Equal("run.Started", changed.FindBroken()?.Type);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Read_AnythingElse_EndsInAClearError(string file, string says)
    {
        var error = Assert.Throws<ExportFormatException>(() => RunExport.Read(Encoding.UTF8.GetBytes(file)));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("(")]
    [InlineData("[a-")]
    [InlineData("(a)\\1")]
    [InlineData("(?=a)")]
    public void PatternOf_NoPattern_IsNone(string text) => Assert.Null(Redaction.PatternOf(text));

    private static string Event(int seq) =>
        "{\"run_id\":\"run_1\",\"seq\":" + seq + ",\"at\":1,\"source\":\"system\",\"actor\":null,\"type\":\"run.started\",\"response_id\":null,\"call_id\":null,\"data\":\"{}\",\"salt\":\"AAAA\",\"digest\":\"\",\"hash\":\"\"}";

    private static string Shape(TimelineItem item) => $"{item.GetType().Name} {item.FromSeq}-{item.ToSeq} {item.Superseded?.Seq} {item.IsOpen}";
}
