using System.Text.Json;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Recordings;

/// <summary>Bodies as servers write them: labels that are wrong, ends that are missing, words around the JSON.</summary>
public sealed class BodyTests
{
    private const string Created = """{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}""";
    private const string Message = """{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Hello there."}]}}""";
    private const string Completed = """{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":12,"output_tokens":3,"total_tokens":15}}}""";
    private const string Document = """{"id":"resp_1","object":"response","status":"completed","output":[{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Hello there."}]}]}""";
    private const string Stream = $"data: {Created}\n\ndata: {Message}\n\ndata: {Completed}\n\n";

    [Theory]
    [InlineData(null, Stream)]
    [InlineData("text/plain", Stream)]
    [InlineData("application/octet-stream", Stream)]
    [InlineData("application/json", Stream)]
    [InlineData("application/x-ndjson", Stream)]
    [InlineData("Text/Event-Stream;charset=UTF-8", Stream)]
    [InlineData("text/event-stream", "\uFEFF" + Stream)]
    [InlineData("text/plain", ": hello\n\n" + Stream)]
    [InlineData("text/event-stream", $"data: {Created}\n\ndata: {Message}\n\ndata: {Completed}")]
    [InlineData("text/event-stream", $"data: {Created}\n\ndata: {Message}\n\ndata: {Completed}\n")]
    [InlineData("text/event-stream", $"data: {Created}\r\rdata: {Message}\r\rdata: {Completed}\r")]
    [InlineData("text/event-stream", $"data: {Created}\r\n\r\ndata: {Message}\r\n\r\ndata: {Completed}\r\n")]
    [InlineData("text/event-stream", $"event: response.created\ndata: {Created}\n\nevent: x\ndata: {Message}\n\nevent: response.completed\ndata: {Completed}")]
    [InlineData("text/event-stream", Stream + "data: [DONE]")]
    [InlineData("application/x-ndjson", $"{Created}\n{Message}\n{Completed}\n")]
    [InlineData("application/json", Document)]
    [InlineData("text/event-stream", Document)]
    [InlineData("text/event-stream", $"data: {Document}\n\n")]
    [InlineData("application/json", "\uFEFF" + Document)]
    [InlineData("text/plain", $"```json\n{Document}\n```\n")]
    [InlineData("text/plain", $"Here is the response:\n{Document}\n")]
    [InlineData("text/event-stream", "{\n  \"id\": \"resp_1\", \"object\": \"response\",\n  \"output\": [{\n\"type\": \"message\", \"content\": [{\"type\": \"output_text\", \"text\": \"Hello there.\"}]\n}]\n}\n")]
    [InlineData("text/event-stream", """
        event: response.output_text.delta
        data: {"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hello there."}

        event: response.completed
        data: {"response":{"id":"resp_1","status":"completed","output":[]}}
        """)]
    public async Task Body_InAnyDress_IsTheAnswerAtOnce(string? label, string body)
    {
        await using var upstream = await RecordedUpstream.StartAsync(new RecordedAnswer(200, label, body));
        await using var host = await upstream.HostAsync();
        var run = await host.StartRunAsync("Hello?");
        var log = await host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunCompleted, log[^1].Type);
        Assert.Equal("Hello there.", (await host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.OutputText);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("""data: {"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"content_policy_violation","message":"Rule 17."}}}""")]
    [InlineData("""data: {"type":"error","code":"content_policy_violation","message":"Rule 17.","param":null}""")]
    [InlineData("""data: {"error":{"code":"content_policy_violation","message":"Rule 17."}}""")]
    [InlineData("""{"error":{"code":"content_policy_violation","message":"Rule 17."}}""")]
    [InlineData("{\n  \"error\": {\n    \"code\": \"content_policy_violation\",\n    \"message\": \"Rule 17.\"\n  }\n}\n")]
    [InlineData("event: error\ndata: {\"code\":\"content_policy_violation\",\"message\":\"Rule 17.\"}\n\n")]
    [InlineData("event: error\ndata: Rule 17.\n\n")]
    [InlineData("""error: {"code":400,"message":"Rule 17."}""")]
    public async Task ErrorAsTheLastLine_HasItsOwnWords(string last)
    {
        await using var upstream = await RecordedUpstream.StartAsync(new RecordedAnswer(200, "text/event-stream", $"data: {Created}\n\n{last}"));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Equal("Rule 17.", log[^1].Text("message"));
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Body_ThatAProxyPacked_IsRead(string packing)
    {
        await using var upstream = await RecordedUpstream.StartAsync(
            new RecordedAnswer(200, "text/event-stream", Stream) { Packing = packing },
            RecordedAnswer.Refusal(400, """{"message":"Rule 17."}""") with { Packing = packing });
        await using var host = await upstream.HostAsync();
        var answered = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);
        var refused = await host.RestAsync((await host.StartRunAsync("And now?")).RunId);

        Assert.Equal(RunEventTypes.RunCompleted, answered[^1].Type);
        Assert.Equal("Rule 17.", refused[^1].Text("message"));
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task ShortAnswer_OfAnotherShape_IsNone()
    {
        await using var upstream = await RecordedUpstream.StartAsync(
            new RecordedAnswer(200, "application/json", """{"object":"response","status":5,"output":[]}"""),
            new RecordedAnswer(200, "application/json", """{"object":"response","output":[7,{"type":"message","content":[{"type":"output_text","text":"Pumps \ud83d"}]}]}"""),
            new RecordedAnswer(200, "application/json", Document));
        await using var host = await upstream.HostAsync();
        var answers = host.Database.Services.GetRequiredService<ShortAnswers>();

        Assert.Null(await AskAsync());
        Assert.Equal("Pumps \uFFFD", await AskAsync());
        Assert.Equal("Hello there.", await AskAsync());

        Task<string?> AskAsync() => answers.AskAsync("demo", "Name it.", "Hello?", 100, TimeSpan.FromMinutes(1), CancellationToken.None);
    }

    [Fact]
    public async Task CallAsTheLastLine_RunsOnce()
    {
        var tool = new TestTool("look", _ => Task.FromResult("found"));
        const string Last = """{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[{"type":"function_call","id":"fc_1","call_id":"call_1","name":"look","arguments":"{}"}]}}""";
        await using var upstream = await RecordedUpstream.StartAsync(
            new RecordedAnswer(200, "text/event-stream", $"data: {Created}\n\ndata: {Last}"), new RecordedAnswer(200, "text/event-stream", Stream));
        await using var host = await upstream.HostAsync(tool);
        await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Equal(1, tool.Runs);
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task HalfAnEvent_IsLost()
    {
        await using var upstream = await RecordedUpstream.StartAsync(
            new RecordedAnswer(200, "text/event-stream", $"data: {Created}\n\ndata: {Message}\n\n{("data: " + Completed)[..60]}"));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Equal("upstream_lost", log[^1].Text("code"));
        Assert.Equal(6, upstream.Requests.Count);
    }

    [Theory]
    [InlineData("""{"id":"chatcmpl-1","object":"chat.completion","choices":[{"message":{"role":"assistant","content":"Hi."}}]}""")]
    [InlineData("""{"id":"x"}""")]
    public async Task AnotherApisAnswer_IsNoSuccess(string body)
    {
        await using var upstream = await RecordedUpstream.StartAsync(new RecordedAnswer(200, "application/json", body));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Equal(RunEventTypes.RunFailed, log[^1].Type);
        Assert.Equal("upstream_protocol", log[^1].Text("code"));
    }

    [Fact]
    public async Task NotFoundWithoutACode_NamesTheAddressAndTheSetting()
    {
        await using var upstream = await RecordedUpstream.StartAsync(new RecordedAnswer(404, "text/plain", "Not Found"));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Contains(upstream.BaseUrl.ToString(), log[^1].Text("advice"), StringComparison.Ordinal);
        Assert.Contains("Upstream:BaseUrl", log[^1].Text("advice"), StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task NotImplemented_IsAskedOnce()
    {
        await using var upstream = await RecordedUpstream.StartAsync(new RecordedAnswer(501, "text/plain", "no"));
        await using var host = await upstream.HostAsync();
        await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task WordsWithoutAFullStop_AreASentenceBeforeTheNext()
    {
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Refusal(500, """{"message":"Cannot read properties of undefined (reading '0')"}"""));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Equal("Cannot read properties of undefined (reading '0'). We tried 6 times.", log[^1].Text("message"));
    }
}
