using System.Text.Json;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using static Copilot.Tests.Runs.Recordings.AnswerFrames;

namespace Copilot.Tests.Runs.Recordings;

/// <summary>
/// Responses whose events say different things of one item. Tools, log, page, API and the next request must all take it the same way.
/// </summary>
public sealed class ReconciliationTests
{
    private const string Thought = """{"type":"reasoning","id":"rs_0","summary":[],"encrypted_content":"AAAA"}""";
    private const string Nameless = """{"type":"function_call","name":"count","arguments":"{\"limit\":1}"}""";
    private const string Added = """{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"count","arguments":"","status":"in_progress"}}""";
    private const string Deltas = """{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":0,"delta":"{\"limit\":1}"}""";
    private const string ArgumentsDone = """{"type":"response.function_call_arguments.done","item_id":"fc_1","output_index":0,"arguments":"{\"limit\":1}"}""";
    private const string TextDelta = """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"Three pumps."}""";

    /// <summary>What is said of a call that has the limit 1, and each time only once.</summary>
    public static TheoryData<string, string[]> CallsWithALimit() => new()
    {
        { "done of the arguments, an empty item", [Added, ArgumentsDone, Done(Call("")), Ended("resp_1")] },
        { "deltas, an empty item", [Added, Deltas, Done(Call("")), Ended("resp_1")] },
        { "deltas, an item without arguments", [Added, Deltas, Done("""{"type":"function_call","id":"fc_1","call_id":"call_1","name":"count","status":"completed"}"""), Ended("resp_1")] },
        { "the terminal response", [Added, Done(Call("")), Ended("resp_1", Call("{\"limit\":1}"))] },
        { "the terminal response, never called final", [Added, Deltas, Ended("resp_1", Call("{\"limit\":1}"))] },
        { "never called final at all", [Added, Deltas, ArgumentsDone, Ended("resp_1")] },
        { "only the terminal response, beside reasoning", [Done(Thought), Ended("resp_1", Thought, Call("{\"limit\":1}"))] },
        { "only the terminal response", [Ended("resp_1", Thought, Call("{\"limit\":1}"))] },
        { "an object in place of text", [Added, Done("""{"type":"function_call","id":"fc_1","call_id":"call_1","name":"count","arguments":{"limit":1},"status":"completed"}"""), Ended("resp_1")] },
        { "an empty name in the end", [Added, ArgumentsDone, Done("""{"type":"function_call","id":"fc_1","call_id":"call_1","name":"","arguments":"{\"limit\":1}"}"""), Ended("resp_1")] },
        { "call_id only in the beginning", [Added, ArgumentsDone, Done("""{"type":"function_call","id":"fc_1","name":"count","arguments":"{\"limit\":1}"}"""), Ended("resp_1")] },
        { "an item that corrects the arguments", [Added, """{"type":"response.function_call_arguments.done","item_id":"fc_1","output_index":0,"arguments":"{\"limit\":7}"}""", Done(Call("{\"limit\":1}")), Ended("resp_1")] },
        { "told twice", [Added, Done(Call("{\"limit\":1}")), Done(Call("{\"limit\":1}")), Ended("resp_1", Call("{\"limit\":1}"))] },
    };

    [Theory]
    [MemberData(nameof(CallsWithALimit))]
    public async Task Call_SaidInPieces_RunsOnceWithAllThatWasSaid(string saidBy, string[] events)
    {
        var tool = new CountTool();
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream([Created, .. events]), Last);
        await using var host = await upstream.HostAsync(tool);
        var log = await host.RestAsync((await host.StartRunAsync("Count.")).RunId);

        Assert.Equal("run.completed", log[^1].Type);
        Assert.Equal([1], tool.Limits);
        Assert.Equal("""{"limit":1}""", Assert.Single(log, e => e.Type == RunEventTypes.ToolRequested).Text("arguments")!.Replace(" ", "", StringComparison.Ordinal));
        var card = Assert.Single(TimelineReducer.Apply(TimelineState.Empty, log).ToolCalls);
        Assert.Equal("""{"limit":1}""", card.Arguments.ToString().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("count", card.Name.Current);
        var input = InputOf(upstream.Requests[1]);
        var call = Assert.Single(input, item => item.GetProperty("type").GetString() == "function_call");
        Assert.Equal("count", call.GetProperty("name").GetString());
        Assert.Equal("""{"limit":1}""", call.GetProperty("arguments").GetString()!.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("call_1", Assert.Single(input, item => item.GetProperty("type").GetString() == "function_call_output").GetProperty("call_id").GetString());
        Assert.Equal(2, upstream.Requests.Count);
        Assert.NotEmpty(saidBy);
    }

    /// <summary>What is said of an answer, and its text.</summary>
    public static TheoryData<string[], string> Answers() => new()
    {
        { [TextDelta, Done("""{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[]}"""), Ended("resp_1")], "Three pumps." },
        { ["""{"type":"response.output_text.done","item_id":"msg_1","output_index":0,"content_index":0,"text":"Three pumps."}""", Done(Message("msg_1", "")), Ended("resp_1")], "Three pumps." },
        { [TextDelta, Ended("resp_1")], "Three pumps." },
        { [TextDelta, Ended("resp_1", Message("msg_1", "Three pumps and a kit."))], "Three pumps and a kit." },
        { [Done(Thought), Ended("resp_1", Thought, Message("msg_1", "Three pumps."))], "Three pumps." },
        { [Done(Message("msg_0", "Let me see.")), Ended("resp_1", Message("msg_0", "Let me see."), Message("msg_1", "Three pumps."))], "Let me see.\n\nThree pumps." },
        { [Done(Message("msg_1", "Three pumps.")), Ended("resp_1", Message("msg_other", "Three pumps."))], "Three pumps." },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_SaidInPieces_IsTheSameInApiPageAndNextRequest(string[] events, string text)
    {
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream([Created, .. events]), Last);
        await using var host = await upstream.HostAsync();
        var run = await host.StartRunAsync("How many?");
        var log = await host.RestAsync(run.RunId);
        await host.Runs.WhenIdleAsync().Soon("the run is let go");
        await host.RestAsync((await host.StartRunAsync("Sure?")).RunId);

        Assert.Equal(text, (await host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.OutputText);
        Assert.Equal(text, TimelineReducer.Apply(TimelineState.Empty, log).AnswerText);
        Assert.Equal(text, string.Join("\n\n", InputOf(upstream.Requests[1]).Where(item => Is(item, "role", "assistant"))
            .Select(item => item.GetProperty("content")[0].GetProperty("text").GetString())));
    }

    public static TheoryData<string[]> CallsToldAgain() => new()
    {
        (string[])[Done(Call("{\"limit\":1}")), Ended("resp_1", Call("{\"limit\":1}").Replace("fc_1", "fc_other", StringComparison.Ordinal).Replace("call_1", "call_other", StringComparison.Ordinal))],
        (string[])[Done(Nameless), Done(Nameless), Ended("resp_1", Nameless)],
        (string[])[Done(Nameless), Done(Nameless), Ended("resp_1")],
    };

    [Theory]
    [MemberData(nameof(CallsToldAgain))]
    public async Task Call_ToldAgainUnderAnotherIdOrNone_RunsOnce(string[] events)
    {
        var tool = new CountTool();
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream([Created, .. events]), Last);
        await using var host = await upstream.HostAsync(tool);
        var log = await host.RestAsync((await host.StartRunAsync("Count.")).RunId);

        Assert.Equal("run.completed", log[^1].Type);
        Assert.Equal([1], tool.Limits);
        Assert.Single(TimelineReducer.Apply(TimelineState.Empty, log).ToolCalls);
        Assert.Single(InputOf(upstream.Requests[1]), item => Is(item, "type", "function_call_output"));
    }

    [Theory]
    [InlineData("\"Three pumps.\"")]
    [InlineData("[{\"type\":\"text\",\"text\":\"Three pumps.\"}]")]
    public async Task Answer_AsOtherApisWriteIt_IsTheText(string content)
    {
        await using var upstream = await RecordedUpstream.StartAsync(
            RecordedAnswer.Stream(Created, Done($$"""{"type":"message","id":"msg_1","role":"assistant","content":{{content}}}"""), Ended("resp_1")));
        await using var host = await upstream.HostAsync();
        var run = await host.StartRunAsync("How many?");
        var log = await host.RestAsync(run.RunId);

        Assert.Null(log[^1].Text("incomplete_reason"));
        Assert.Equal("Three pumps.", (await host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.OutputText);
        Assert.Equal("Three pumps.", TimelineReducer.Apply(TimelineState.Empty, log).AnswerText);
    }

    [Fact]
    public async Task TwoCallsWithOneId_AreBothCarriedOutAndAnswered()
    {
        var tool = new CountTool();
        await using var upstream = await RecordedUpstream.StartAsync(
            RecordedAnswer.Stream(
                Created,
                """{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"count","arguments":"{\"limit\":1}"}}""",
                """{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","id":"fc_2","call_id":"call_1","name":"count","arguments":"{\"limit\":2}"}}""",
                Ended("resp_1")),
            Last);
        await using var host = await upstream.HostAsync(tool);
        var log = await host.RestAsync((await host.StartRunAsync("Count.")).RunId);

        Assert.Equal([1, 2], tool.Limits.Order());
        Assert.Equal(
            ["call_1", "call_1_2", "call_1", "call_1_2"],
            InputOf(upstream.Requests[1]).Where(item => item.TryGetProperty("call_id", out _)).Select(item => item.GetProperty("call_id").GetString()));
        Assert.Equal(
            [("call_1", ToolCallState.Completed), ("call_1_2", ToolCallState.Completed)],
            TimelineReducer.Apply(TimelineState.Empty, log).ToolCalls.Select(call => (call.CallId.Current!, call.State)));
    }

    [Fact]
    public async Task TwoCallsWithOneItemId_AreBothCarriedOutAndAnswered()
    {
        var tool = new CountTool();
        const string First = """{"type":"function_call","id":"fc_1","call_id":"call_1","name":"count","arguments":"{\"limit\":1}"}""";
        const string Second = """{"type":"function_call","id":"fc_1","call_id":"call_2","name":"count","arguments":"{\"limit\":2}"}""";
        await using var upstream = await RecordedUpstream.StartAsync(
            RecordedAnswer.Stream(
                Created,
                Done(First),
                Done(Second).Replace("\"output_index\":0", "\"output_index\":1", StringComparison.Ordinal),
                Ended("resp_1", First, Second)),
            Last);
        await using var host = await upstream.HostAsync(tool);
        var log = await host.RestAsync((await host.StartRunAsync("Count.")).RunId);

        Assert.Equal([1, 2], tool.Limits.Order());
        Assert.Equal(
            ["call_1", "call_2", "call_1", "call_2"],
            InputOf(upstream.Requests[1]).Where(item => item.TryGetProperty("call_id", out _)).Select(item => item.GetProperty("call_id").GetString()));
        Assert.Equal(["call_1", "call_2"], TimelineReducer.Apply(TimelineState.Empty, log).ToolCalls.Select(call => call.CallId.Current!));
    }

    [Fact]
    public async Task Outputs_OfParallelCalls_StandInTheOrderOfTheCalls()
    {
        var second = new TaskCompletionSource<string>();
        var first = new Shared.Runs.TestTool("slow", _ => second.Task);
        var quick = new Shared.Runs.TestTool("quick", _ => Task.FromResult("quick"));
        await using var upstream = await RecordedUpstream.StartAsync(
            RecordedAnswer.Stream(
                Created,
                """{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"slow","arguments":"{}"}}""",
                """{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","id":"fc_2","call_id":"call_2","name":"quick","arguments":"{}"}}""",
                Ended("resp_1")),
            Last);
        await using var host = await upstream.HostAsync(first, quick);
        var run = await host.StartRunAsync("Count.");
        await host.SeeTimesAsync(run.RunId, RunEventTypes.ToolCompleted, 1);
        second.SetResult("slow");
        await host.RestAsync(run.RunId);

        Assert.Equal(
            ["slow", "quick"],
            InputOf(upstream.Requests[1]).Where(item => Is(item, "type", "function_call_output")).Select(item => item.GetProperty("output").GetString()));
    }

    [Fact]
    public async Task HalfCharacters_BecomeWholeOrASign()
    {
        await using var upstream = await RecordedUpstream.StartAsync(
            RecordedAnswer.Stream(
                Created,
                """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"Done \ud83d"}""",
                """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"\udc4d and \ud83d"}""",
                Done("""{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Done \ud83d\udc4d and \ud83d"}]}"""),
                Ended("resp_1")),
            Last);
        await using var host = await upstream.HostAsync();
        var run = await host.StartRunAsync("Well?");
        var log = await host.RestAsync(run.RunId);
        await host.Runs.WhenIdleAsync().Soon("the run is let go");
        await host.RestAsync((await host.StartRunAsync("Sure?")).RunId);

        var streamed = TimelineReducer.Apply(TimelineState.Empty, log.TakeWhile(e => e.Type != "response.output_item.done"));
        Assert.Equal("Done \U0001F44D and \ud83d", streamed.AnswerText);
        Assert.Equal("Done \U0001F44D and \uFFFD", (await host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.OutputText);
        Assert.Equal("Done \U0001F44D and \uFFFD", InputOf(upstream.Requests[1])[1].GetProperty("content")[0].GetProperty("text").GetString());
    }

    private static bool Is(JsonElement item, string name, string value) => item.TryGetProperty(name, out var found) && found.GetString() == value;

    private static JsonElement[] InputOf(string body) => [.. JsonDocument.Parse(body).RootElement.GetProperty("input").EnumerateArray()];
}
