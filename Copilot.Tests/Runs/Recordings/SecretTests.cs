using System.Text;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Runs.Recordings;

/// <summary>The key of the upstream, <c>test-key</c>, and the headers of MCP servers do not come back out of what an upstream says.</summary>
public sealed class SecretTests
{
    [Fact]
    public async Task Error_ThatQuotesKeyAndControlSequences_HasNeither()
    {
        await using var upstream = await RecordedUpstream.StartAsync(
            RecordedAnswer.Refusal(401, """{"message":"\u001b[31mIncorrect\u001b[0m API key: test-key","code":"invalid_api_key"}"""));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Equal("Incorrect API key: [secret]", log[^1].Text("message"));
    }

    [Fact]
    public async Task McpServer_ItsHeadersAreQuoted_AreInNoEventErrorOrLogLine()
    {
        const string secret = "header-secret-1";
        await using var upstream = await RecordedUpstream.StartAsync(
            RecordedAnswer.Stream(
            [
                Quoting("""{"type":"response.created","response":{"id":"resp_1","status":"in_progress","tools":[{"type":"mcp","headers":{"X-Key":"SECRET"}}]}}"""),
                Quoting("""{"type":"response.output_item.done","output_index":0,"item":{"id":"mcpl_1","type":"mcp_list_tools","server_label":"crm","tools":[],"error":"401 for X-Key SECRET"}}"""),
                Delta("It said " + secret[..9]),
                Delta(secret[9..] + "."),
                Quoting("""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"invalid_request_error","message":"tools[0].headers: SECRET"}}}"""),
            ]),
            RecordedAnswer.Refusal(400, Quoting("""{"message":"Bad header SECRET","code":"SECRET","type":"invalid_request_error"}""")));
        using var lines = new LogLines();
        await using var host = await RunHost.StartWithAsync(
            upstream.BaseUrl,
            services => services
                .AddLogging(logging => logging.AddProvider(lines))
                .Configure<UpstreamOptions>(options => options.Transport = TransportChoice.Http)
                .Configure<HostedToolsOptions>(options => options.Mcp["crm"] = new()
                {
                    Url = new Uri("https://crm.example/mcp"),
                    Headers = { ["X-Key"] = secret },
                }));
        var quoted = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);
        var refused = await host.RestAsync((await host.StartRunAsync("And now?")).RunId);

        Assert.Contains(upstream.Requests, request => request.Contains(secret, StringComparison.Ordinal));
        Assert.All(quoted.Concat(refused), e => Assert.DoesNotContain(secret, Encoding.UTF8.GetString(e.Data.Span), StringComparison.Ordinal));
        Assert.Contains(quoted.Concat(refused), e => Encoding.UTF8.GetString(e.Data.Span).Contains("[secret]", StringComparison.Ordinal));
        var deltas = string.Concat(quoted.Where(e => e.Type == "response.output_text.delta").Select(e => e.Text("delta")));
        Assert.DoesNotContain(secret, deltas, StringComparison.Ordinal);
        Assert.NotEmpty(lines.Warnings);
        Assert.All(lines.Warnings, line => Assert.DoesNotContain(secret, line, StringComparison.Ordinal));

        static string Quoting(string json) => json.Replace("SECRET", secret, StringComparison.Ordinal);

        static string Delta(string text) =>
            $$"""{"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"content_index":0,"delta":"{{text}}"}""";
    }

    [Theory]
    [InlineData("The key is te", "st-ke", "y, you know.")]
    [InlineData("The key is ", "test-k", "ey, you know.")]
    [InlineData("The key is t", "est-key, ", "you know.")]
    public async Task Deltas_ThatSpellTheKey_DoNot(params string[] pieces)
    {
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream(
        [
            """{"type":"response.created","response":{"id":"resp_1","status":"in_progress"}}""",
            .. pieces.Select(piece => $$"""{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{piece}}"}"""),
            """{"type":"response.completed","response":{"id":"resp_1","status":"completed"}}""",
        ]));
        await using var host = await upstream.HostAsync();
        var run = await host.StartRunAsync("Hello?");
        var log = await host.RestAsync(run.RunId);

        var said = string.Concat(log.Where(e => e.Type == "response.output_text.delta").Select(e => e.Text("delta")));
        Assert.DoesNotContain("test-key", said, StringComparison.Ordinal);
        Assert.Contains("[secret], you know.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deltas_ThatOnlyBeginLikeTheKey_ComeAsTheyAre()
    {
        await using var upstream = await RecordedUpstream.StartAsync(RecordedAnswer.Stream(
            """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"a test-"}""",
            """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"bench and test-k"}""",
            """{"type":"response.completed","response":{"id":"resp_1","status":"completed"}}"""));
        await using var host = await upstream.HostAsync();
        var log = await host.RestAsync((await host.StartRunAsync("Hello?")).RunId);

        Assert.Equal(["a test-", "bench and test-k"], log.Where(e => e.Type == "response.output_text.delta").Select(e => e.Text("delta")));
    }
}
