using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Tests.Browser.Driving;

namespace Copilot.Tests.Telemetry.Otlp;

/// <summary>What a collector gets from the product, read from the bytes that came.</summary>
public sealed class ExportTests(OtlpProcess process) : IClassFixture<OtlpProcess>
{
    [Fact]
    public async Task Run_WithToolsAndACallersTrace_IsOneTraceBelowTheCaller()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        var runId = await process.StartAsync(BookedConversation.Question, traceParent: $"00-{trace}-00f067aa0ba902b7-01");
        var log = await process.ReadUntilAsync(runId, "run.completed");
        var run = await process.App.Api.GetFromJsonAsync<JsonElement>($"/api/runs/{runId}");

        var spans = await process.Receiver.RunAsync(runId);

        var root = Assert.Single(spans, span => span.Name.StartsWith("invoke_agent ", StringComparison.Ordinal));
        Assert.All(spans, span => Assert.Equal(trace, span.TraceId));
        Assert.Equal("00f067aa0ba902b7", root.ParentId);
        Assert.Equal(trace, run.GetProperty("trace_id").GetString());
        Assert.Contains(log, line => line.Contains($"00-{trace}-{root.SpanId}-01", StringComparison.Ordinal));
        Assert.Equal("invoke_agent", root["gen_ai.operation.name"]);
        Assert.Equal("openai", root["gen_ai.provider.name"]);
        Assert.Equal($"invoke_agent {root["gen_ai.agent.name"]}", root.Name);
        Assert.Equal(run.GetProperty("session_id").GetString(), root["gen_ai.conversation.id"]);
        Assert.Equal("completed", root["copilot.run.status"]);
        Assert.Equal(0, root.Status);
        var parts = spans.Where(span => span != root).ToList();
        Assert.All(parts, span => Assert.Equal(root.SpanId, span.ParentId));
        var chats = parts.Where(span => span["gen_ai.operation.name"] == "chat").ToList();
        Assert.True(chats.Count > 1);
        Assert.All(chats, chat =>
        {
            Assert.Equal($"chat {chat["gen_ai.request.model"]}", chat.Name);
            Assert.Equal(3, chat.Kind);
            Assert.StartsWith("resp_", chat["gen_ai.response.id"], StringComparison.Ordinal);
            Assert.Equal(chat["gen_ai.request.model"], chat["gen_ai.response.model"]);
            Assert.NotNull(chat["gen_ai.response.time_to_first_chunk"]);
            Assert.Equal("127.0.0.1", chat["server.address"]);
            Assert.NotNull(chat["server.port"]);
            Assert.Equal("websocket", chat["network.protocol.name"]);
            Assert.Null(chat["error.type"]);
        });
        Assert.Equal(
            run.GetProperty("usage").GetProperty("input_tokens").GetInt64(), chats.Sum(chat => long.Parse(chat["gen_ai.usage.input_tokens"]!, null)));
        Assert.Equal("tool_call", chats[0]["gen_ai.response.finish_reasons"]);
        Assert.Equal("stop", chats[^1]["gen_ai.response.finish_reasons"]);
        var tools = parts.Where(span => span["gen_ai.operation.name"] == "execute_tool").ToList();
        Assert.Equal(run.GetProperty("tool_calls").GetInt32(), tools.Count);
        Assert.All(tools, tool =>
        {
            Assert.Equal($"execute_tool {tool["gen_ai.tool.name"]}", tool.Name);
            Assert.NotNull(tool["gen_ai.tool.call.id"]);
            Assert.Equal(1, tool.Kind);
        });
        Assert.Equal("copilot", process.Receiver.Resource!["service.name"]);
        Assert.Equal("test", process.Receiver.Resource["deployment.environment.name"]);
    }

    [Fact]
    public async Task Export_WithoutContent_HasNoWordOfAnybodyInItsBytes()
    {
        var word = "zinnober" + Guid.NewGuid().ToString("N");
        var runId = await process.StartAsync($"Add a note to customer Contoso: {word}");
        await process.ReadUntilAsync(runId, "run.completed");

        await process.Receiver.RunAsync(runId);
        await process.Receiver.PointsAsync(points => points.Count > 0);

        Assert.True(process.Receiver.HasAnywhere(runId));
        Assert.False(process.Receiver.HasAnywhere(word));
        Assert.False(process.Receiver.HasAnywhere("Contoso"));
    }

    [Fact]
    public async Task Run_WhoseUpstreamFailsOnce_HasASpanForEachAttempt()
    {
        var runId = await process.StartAsync("Which cooling pumps are in stock?", fault: "error_500");
        await process.ReadUntilAsync(runId, "run.completed");

        var chats = (await process.Receiver.RunAsync(runId)).Where(span => span["gen_ai.operation.name"] == "chat").ToList();

        Assert.Equal("server_error", chats[0]["error.type"]);
        Assert.Equal(2, chats[0].Status);
        Assert.Equal("1", chats[0]["copilot.attempt"]);
        Assert.Null(chats[1]["error.type"]);
        Assert.Equal("2", chats[1]["copilot.attempt"]);
    }

    [Fact]
    public async Task Run_ThatFallsBack_GoesOnByHttpInTheSameTraceAndIsCounted()
    {
        var runId = await process.StartAsync("Which cooling pumps are in stock?", fault: "close_1009");
        await process.ReadUntilAsync(runId, "run.completed");

        var spans = await process.Receiver.RunAsync(runId);
        var points = await process.Receiver.PointsAsync(all => all.Any(point => point.Metric == "copilot.upstream.fallbacks"));

        var chats = spans.Where(span => span["gen_ai.operation.name"] == "chat").ToList();
        Assert.Equal("too-big-for-a-socket", chats[0]["error.type"]);
        Assert.Equal("websocket", chats[0]["network.protocol.name"]);
        Assert.Equal("http", chats[1]["network.protocol.name"]);
        Assert.Single(spans.Select(span => span.TraceId).Distinct());
        var fallBack = Assert.Single(points, point => point.Metric == "copilot.upstream.fallbacks");
        Assert.Equal("{fallback}", fallBack.Unit);
        Assert.Equal("http", fallBack.Attributes["copilot.transport.to"]);
    }

    [Fact]
    public async Task Run_ThatIsCancelled_EndsItsSpans()
    {
        var runId = await process.StartAsync("Which cooling pumps are in stock?", fault: "silence");
        await process.ReadUntilAsync(runId, "response.created");
        using var cancelled = await process.App.Api.PostAsJsonAsync($"/api/runs/{runId}/cancel", new { });
        await process.ReadUntilAsync(runId, "run.cancelled");

        var spans = await process.Receiver.RunAsync(runId);

        var root = Assert.Single(spans, span => span.Name.StartsWith("invoke_agent ", StringComparison.Ordinal));
        Assert.Equal("cancelled", root["copilot.run.status"]);
        Assert.Equal(0, root.Status);
        Assert.Equal("cancelled", Assert.Single(spans, span => span["gen_ai.operation.name"] == "chat")["error.type"]);
    }

    [Fact]
    public async Task Metrics_AfterARun_HaveNamesUnitsAndAttributesOfTheConventions()
    {
        var runId = await process.StartAsync("Which cooling pumps are in stock?");
        await process.ReadUntilAsync(runId, "run.completed");

        var points = await process.Receiver.PointsAsync(all =>
            all.Any(point => point.Metric == "copilot.runs.active" && point.Value == 0)
            && all.Any(point => point.Metric == "gen_ai.client.operation.duration" && point.Attributes["gen_ai.operation.name"] == "invoke_agent"));

        var units = points.Select(point => (point.Metric, point.Unit)).Distinct().ToDictionary();
        Assert.Equal("{token}", units["gen_ai.client.token.usage"]);
        Assert.Equal("s", units["gen_ai.client.operation.duration"]);
        Assert.Equal("s", units["gen_ai.client.operation.time_to_first_chunk"]);
        Assert.Equal("s", units["copilot.store.commit.duration"]);
        Assert.Equal("{run}", units["copilot.runs.active"]);
        Assert.Equal("{run}", units["copilot.runs.queued"]);
        Assert.Contains("dotnet.gc.collections", units.Keys);
        Assert.Equal(
            ["input", "output"],
            points.Where(point => point.Metric == "gen_ai.client.token.usage").Select(point => point.Attributes["gen_ai.token.type"]).Distinct().Order());
        Assert.Equal(
            ["chat", "execute_tool", "invoke_agent"],
            points.Where(point => point.Metric == "gen_ai.client.operation.duration").Select(point => point.Attributes["gen_ai.operation.name"]).Distinct().Order());
        Assert.All(
            points.Where(point => point.Metric.StartsWith("gen_ai.", StringComparison.Ordinal)),
            point => Assert.DoesNotContain("copilot.run.id", point.Attributes.Keys));
        var states = points.Where(point => point.Metric == "copilot.upstream.socket.state").ToDictionary(point => point.Attributes["copilot.socket.state"], point => point.Value);
        Assert.Equal(["closed", "half_open", "open"], states.Keys.Order());
        Assert.Equal(1, states.Values.Sum());
    }

    [Fact]
    public async Task LogLines_OfARun_CarryItsTraceItsSpanAndItsId()
    {
        var runId = await process.StartAsync("Which cooling pumps are in stock?");
        await process.ReadUntilAsync(runId, "run.completed");
        var root = Assert.Single(await process.Receiver.RunAsync(runId), span => span.Name.StartsWith("invoke_agent ", StringComparison.Ordinal));

        var lines = Directory.GetFiles(Path.Combine(process.App.Folder, "App_Data", "logs")).SelectMany(ReadLines)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("Properties").TryGetProperty("RunId", out var id) && id.GetString() == runId)
            .ToList();

        Assert.Contains(lines, line => line.GetProperty("RenderedMessage").GetString()!.Contains("created in session", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.GetProperty("RenderedMessage").GetString()!.Contains("Connected to", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.GetProperty("RenderedMessage").GetString()!.Contains("is \"completed\" after", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal(root.TraceId, line.GetProperty("TraceId").GetString()));
        Assert.Contains(lines, line => line.GetProperty("SpanId").GetString() == root.SpanId);
    }

    private static IEnumerable<string> ReadLines(string file)
    {
        using var log = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (log.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
