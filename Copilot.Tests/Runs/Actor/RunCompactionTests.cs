using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Runs.Actor.Steering;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Steering.SteeringScene;

namespace Copilot.Tests.Runs.Actor;

/// <summary>Conversations that are made short: by the upstream while it answers, or on request before they are sent whole.</summary>
public sealed class RunCompactionTests
{
    private const string Compaction = """{"id":"cmp_1","type":"compaction","encrypted_content":"gAAA+/="}""";
    private const string Kept = """{"type":"message","role":"user","content":[{"type":"input_text","text":"(the question)"}]}""";

    private const string TooLong =
        """{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"context_length_exceeded","message":"Your input exceeds the context window.","param":"input"}}""";

    [Fact]
    public async Task TooLong_IsCompactedOnceAndBeginsAnewWithWhatCameBack()
    {
        await using var scene = await StartAsync(_ => { });
        await BecomeTooLongAsync(scene);
        var post = await scene.Upstream.NextPostAsync();
        await AnswerAsync(post);
        var next = await scene.AnswerAgainAsync("resp_2", "In Leeds.");
        var events = await scene.RestAsync();

        Assert.Equal("/v1/responses/compact", post.Request.Path);
        Assert.Equal("Bearer test-key", post.Request.Headers.Authorization);
        var asked = Json(post.Body);
        Assert.Equal(["model", "instructions", "prompt_cache_key", "input"], asked.EnumerateObject().Select(member => member.Name));
        Assert.Equal([Question, "function_call", "function_call_output"], InputOf(post.Body));
        Assert.Null(Previous(next));
        Assert.Equal($"[{Kept},{Compaction}]", Json(next).GetProperty("input").GetRawText());
        Assert.Equal(
            ["compaction.started", "compaction.completed"],
            events.Select(e => e.Type).Where(type => type.StartsWith("compaction.", StringComparison.Ordinal)));
        Assert.Equal("compact-first", events.Single(e => e.Type == RunEventTypes.AttemptRetryScheduled).Text("row"));
        Assert.Equal(1, scene.Tool.Runs);
        var stored = (await scene.Host.Database.Events.FindAsync(scene.Run.RunId, CancellationToken.None))!;
        Assert.Equal(RunStatus.Completed, stored.Status);
        Assert.Equal("In Leeds.", stored.OutputText);
        Assert.Equal(new ResponseUsage(120, 48, 17, 2), stored.Usage);
    }

    [Fact]
    public async Task TooLongStill_EndsTheRunWithTheUpstreamsWords()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await BecomeTooLongAsync(scene);
        await AnswerAsync(await scene.Upstream.NextPostAsync());
        socket = await scene.Upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(TooLong);
        var events = await scene.RestAsync();

        Assert.Equal("context_length_exceeded", events[^1].Text("code"));
        Assert.Single(events, e => e.Type == RunEventTypes.CompactionStarted);
    }

    [Theory]
    [InlineData(404, """{"error":{"message":"Not found.","type":"invalid_request_error"}}""")]
    [InlineData(200, """{"output":[]}""")]
    [InlineData(200, """{"output":[7]}""")]
    [InlineData(200, "<html>")]
    public async Task TooLongAndCompactionFails_EndsTheRunWithTheUpstreamsWords(int status, string body)
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await BecomeTooLongAsync(scene);
        await (await scene.Upstream.NextPostAsync()).RespondAsync(status, "application/json", body);
        var events = await scene.RestAsync();

        Assert.Equal("context_length_exceeded", events[^1].Text("code"));
        Assert.Equal("Your input exceeds the context window.", events[^1].Text("message"));
        Assert.Equal("The conversation is too long for the model. Start a new one.", events[^1].Text("advice"));
        Assert.NotEmpty(events.Single(e => e.Type == RunEventTypes.CompactionFailed).Text("reason")!);
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    [Fact]
    public async Task TooLongWithNothingBeforeTheQuestion_IsNotCompacted()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await socket.SendAsync(TooLong);
        var events = await scene.RestAsync();

        Assert.Equal("context_length_exceeded", events[^1].Text("code"));
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.CompactionStarted);
    }

    [Fact]
    public async Task FullResendThatWouldNotFit_IsCompactedBeforeItIsSent()
    {
        await using var scene = await StartAsync(options => options.ContextTokens = 16);
        var (socket, delta) = await scene.ToolRoundAsync();
        socket.Cut();
        var again = await scene.Upstream.NextSocketAsync();
        var post = await scene.Upstream.NextPostAsync();
        await AnswerAsync(post);
        var full = await AnswerOnAsync(again, "resp_2", "In Leeds.");
        var events = await scene.RestAsync();

        Assert.Equal("resp_1", Previous(delta));
        Assert.Equal([Question, "function_call", "function_call_output"], InputOf(post.Body));
        Assert.Equal(["(the question)", "compaction"], InputOf(full));
        Assert.Equal("The whole conversation would not fit.", events.Single(e => e.Type == RunEventTypes.CompactionStarted).Text("reason"));
    }

    [Fact]
    public async Task FullResendThatWouldNotFitAndCompactionFails_IsSentAllTheSame()
    {
        await using var scene = await StartAsync(options => options.ContextTokens = 16);
        var (socket, _) = await scene.ToolRoundAsync();
        socket.Cut();
        var again = await scene.Upstream.NextSocketAsync();
        (await scene.Upstream.NextPostAsync()).Cut();
        var full = await AnswerOnAsync(again, "resp_2", "In Leeds.");
        var events = await scene.RestAsync();

        Assert.Equal([Question, "function_call", "function_call_output"], InputOf(full));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.Single(events, e => e.Type == RunEventTypes.CompactionFailed);
    }

    [Fact]
    public async Task FullResendThatFits_IsNotCompacted()
    {
        await using var scene = await StartAsync(options => options.ContextTokens = 100_000);
        var (socket, _) = await scene.ToolRoundAsync();
        socket.Cut();
        await scene.AnswerAgainAsync("resp_2", "In Leeds.");

        Assert.DoesNotContain(await scene.RestAsync(), e => e.Type == RunEventTypes.CompactionStarted);
    }

    [Fact]
    public async Task WordsSaidWhileItIsCompacted_FollowIt()
    {
        await using var scene = await StartAsync(_ => { });
        await BecomeTooLongAsync(scene);
        var post = await scene.Upstream.NextPostAsync();
        await scene.SayAsync("s1", "Only in Leeds.");
        await AnswerAsync(post);
        var next = await scene.AnswerAgainAsync("resp_2", "In Leeds.");
        await scene.RestAsync();

        Assert.Equal(["(the question)", "compaction", "Only in Leeds."], InputOf(next));
    }

    [Fact]
    public async Task StoppedWhileItIsCompacted_EndsAtOnce()
    {
        await using var scene = await StartAsync(_ => { });
        await BecomeTooLongAsync(scene);
        var post = await scene.Upstream.NextPostAsync();
        var abandoned = post.AbandonedAsync();
        await scene.Host.Runs.AskAsync(scene.Run.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var events = await scene.RestAsync();

        Assert.Equal(RunEventTypes.RunCancelled, events[^1].Type);
        await abandoned;
        post.End();
    }

    [Fact]
    public async Task RestartAndNextQuestion_BeginWithWhatCameBack()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await BecomeTooLongAsync(scene);
        await AnswerAsync(await scene.Upstream.NextPostAsync());
        socket = await scene.Upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_2"), Frames.Delta("In"));
        await scene.Host.SeeAsync(scene.Run.RunId, "response.output_text.delta");
        await scene.Host.RestartAsync();
        await scene.Host.Runs.AskAsync(scene.Run.RunId, new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None);
        var again = await scene.AnswerAgainAsync("resp_3", "In Leeds.");
        await scene.Host.SeeAsync(scene.Run.RunId, RunEventTypes.RunCompleted);
        await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");
        await scene.Host.StartRunAsync("And the price?");
        var next = await (await scene.Upstream.NextSocketAsync()).ReceiveAsync();

        Assert.Equal(["(the question)", "compaction"], InputOf(again));
        Assert.Equal(["(the question)", "compaction", "message", "And the price?"], InputOf(next));
        Assert.Contains(Compaction, next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LongConversation_TheNewQuestionIsNotCompacted()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Answer("resp_1", "In Leeds."));
        await scene.RestAsync();
        await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");
        var second = await scene.Host.StartRunAsync("And the price?");
        var next = await scene.NextAsync();
        await next.SendAsync(TooLong);
        var post = await scene.Upstream.NextPostAsync();
        await AnswerAsync(post);
        var compacted = await scene.AnswerAgainAsync("resp_2", "Ten pounds.");
        await scene.Host.RestAsync(second.RunId);

        Assert.Equal([Question, "message"], InputOf(post.Body));
        Assert.Equal(["(the question)", "compaction", "And the price?"], InputOf(compacted));
    }

    [Fact]
    public async Task Threshold_UpstreamCompactsByItself_AFullResendBeginsWithItsItemAndNothingIsSteered()
    {
        await using var scene = await StartAsync(options => options.CompactThreshold = 1000);
        var socket = await scene.Upstream.NextSocketAsync();
        var first = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.SayAsync("s1", "Only in Leeds.");
        await socket.SendAsync(
            $$$"""{"type":"response.compaction.compacting","sequence_number":2,"item_id":"cmp_1","output_index":0}""",
            $$$"""{"type":"response.output_item.done","sequence_number":3,"output_index":0,"item":{{{Compaction}}}}""",
            Frames.Call("call_1", "look", 1),
            Frames.Completed("resp_1"));
        scene.FinishTool();
        var delta = await socket.ReceiveAsync();
        socket.Cut();
        var full = await scene.AnswerAgainAsync("resp_2", "In Leeds.");
        await scene.RestAsync();

        Assert.Equal("""[{"type":"compaction","compact_threshold":1000}]""", first.GetProperty("context_management").GetRawText());
        Assert.Equal("resp_1", Previous(delta));
        Assert.Equal(["function_call_output", "Only in Leeds."], InputOf(delta));
        Assert.Equal(["compaction", "function_call", "function_call_output", "Only in Leeds."], InputOf(full));
        Assert.Contains(Compaction, full, StringComparison.Ordinal);
    }

    /// <summary>Serves a tool round; the request that follows it is too long.</summary>
    private static async Task<ScriptedSocket> BecomeTooLongAsync(SteeringScene scene)
    {
        var (socket, _) = await scene.ToolRoundAsync();
        await socket.SendAsync(TooLong);
        return socket;
    }

    private static Task AnswerAsync(ScriptedPost post) => post.RespondAsync(
        200,
        "application/json",
        $$$"""{"id":"cmpr_1","object":"response.compaction","created_at":1,"output":[{{{Kept}}},{{{Compaction}}}],"usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":40},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":107} }""");
}
