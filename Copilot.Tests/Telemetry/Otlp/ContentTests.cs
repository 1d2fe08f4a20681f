using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Options;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace Copilot.Tests.Telemetry.Otlp;

/// <summary>What the environment asks for: content, gRPC, or nothing at all.</summary>
public sealed class ContentTests
{
    [Fact]
    public async Task Run_WithContentAsked_CarriesWhatIsSaidAlsoOfAToolThatFails()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var word = "zinnober" + Guid.NewGuid().ToString("N");
        string runId;
        await using (var host = await WholeHost.StartAsync(
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={receiver.GrpcAddress}", "--OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "--OTEL_SERVICE_NAME=copilot-berlin",
            "--OTEL_BSP_SCHEDULE_DELAY=50", "--OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true",
            "--DemoTools:Latency=00:00:30", "--Tools:DefaultDeadline=00:00:00.05"))
        {
            using var client = host.Client();
            client.DefaultRequestHeaders.Authorization = new("Bearer", "demo-key");
            using var response = await client.PostAsJsonAsync("/api/runs?wait=100", new { input = $"Which cooling pumps are in stock? {word}" });
            runId = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run_id").GetString()!;
        }

        var spans = await receiver.RunAsync(runId);

        var root = Assert.Single(spans, span => span.Name.StartsWith("invoke_agent ", StringComparison.Ordinal));
        Assert.Equal("", root.ParentId);
        Assert.Equal(word, Json(root, "gen_ai.input.messages")[0].GetProperty("parts")[0].GetProperty("content").GetString()!.Split(' ')[^1]);
        Assert.Equal("assistant", Json(root, "gen_ai.output.messages")[0].GetProperty("role").GetString());
        Assert.NotEqual("", Json(root, "gen_ai.system_instructions")[0].GetProperty("content").GetString());
        var chats = spans.Where(span => span["gen_ai.operation.name"] == "chat").ToList();
        var call = Json(chats[0], "gen_ai.output.messages")[0].GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("type").GetString() == "tool_call");
        Assert.Equal("tool", Json(chats[1], "gen_ai.input.messages").EnumerateArray().Last().GetProperty("role").GetString());
        var tool = spans.First(span => span["gen_ai.operation.name"] == "execute_tool");
        Assert.Equal(call.GetProperty("id").GetString(), tool["gen_ai.tool.call.id"]);
        Assert.Equal("timeout", tool["error.type"]);
        Assert.Equal(2, tool.Status);
        Assert.Contains(Json(tool, "gen_ai.tool.call.arguments").EnumerateObject(), argument => argument.Value.ToString().Length > 0);
        Assert.NotNull(tool["gen_ai.tool.call.result"]);
        Assert.Equal("copilot-berlin", receiver.Resource!["service.name"]);
    }

    [Theory]
    [InlineData()]
    [InlineData("--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", "--OTEL_SDK_DISABLED=true")]
    [InlineData("--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", "--OTEL_TRACES_EXPORTER=none", "--OTEL_METRICS_EXPORTER=none")]
    public async Task Start_WithNothingAsked_HasNoExporter(params string[] settings)
    {
        await using var host = await WholeHost.StartAsync(settings);

        Assert.Null(host.App.Services.GetService<TracerProvider>());
        Assert.False(host.App.Services.GetRequiredService<Copilot.Domain.Telemetry.TelemetryOptions>().CapturesContent);
    }

    [Fact]
    public async Task Start_WithVariablesThatCannotBe_NamesEach()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => WholeHost.StartAsync(
            "--OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4317", "--OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/json", "--OTEL_METRICS_EXPORTER=prometheus",
            "--OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=user:s3cret@collector:4318"));

        Assert.Equal(4, refused.Reasons.Count);
        Assert.DoesNotContain(refused.Reasons, reason => reason.Contains("s3cret", StringComparison.Ordinal));
        Assert.Contains(refused.Reasons, reason => reason.StartsWith("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is not an address.", StringComparison.Ordinal));
        Assert.Contains(refused.Reasons, reason => reason.StartsWith("OTEL_METRICS_EXPORTER is 'prometheus'.", StringComparison.Ordinal));
        Assert.Contains(refused.Reasons, reason => reason.StartsWith("OTEL_EXPORTER_OTLP_ENDPOINT is 'localhost:4317'.", StringComparison.Ordinal));
        Assert.Contains(refused.Reasons, reason => reason.StartsWith("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is 'http/json'.", StringComparison.Ordinal));
    }

    private static JsonElement Json(OtlpSpan span, string attribute) => JsonDocument.Parse(span[attribute]!).RootElement;
}
