using Copilot.Tests.Browser.Driving;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Tests.Browser;

namespace Copilot.Tests.Hosting;

/// <summary>The whole product as it starts, asked over its API: hosted tools, free-text tools and structured answers of the demo model.</summary>
public sealed class HostedToolRunTests(HostedToolApp fixture) : IClassFixture<HostedToolApp>
{
    private readonly AppProcess _app = fixture.App;

    [Fact]
    public async Task Run_HostedTools_AreOfferedUsedAndRecordedWithoutSecrets()
    {
        var web = await RunAsync(new { input = "Search the web for seal kits" });
        var mcp = await RunAsync(new { input = "Ask crm: is CP40-1234 under warranty?" });
        var sql = await RunAsync(new { input = "How many technicians per area? Use SQL" });

        Assert.Contains("seal kits made before 2024", Text(web, "output_text"), StringComparison.Ordinal);
        Assert.Contains("under warranty until", Text(mcp, "output_text"), StringComparison.Ordinal);
        Assert.Contains("| --- |", Text(sql, "output_text"), StringComparison.Ordinal);
        Assert.Equal(1, sql.GetProperty("tool_calls").GetInt32());
        var events = await _app.Api.GetStringAsync($"/api/runs/{Text(mcp, "run_id")}/events");
        Assert.Contains("""{"type":"mcp","server_label":"crm"}""", events, StringComparison.Ordinal);
        Assert.DoesNotContain("top-secret-token", events, StringComparison.Ordinal);
        Assert.DoesNotContain(_app.Log, line => line.Contains("top-secret-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_JsonSchema_ReturnsTextAndJson()
    {
        var run = await RunAsync(new
        {
            input = "Which cooling pumps are in stock?",
            text = new
            {
                format = new
                {
                    type = "json_schema",
                    name = "part",
                    strict = true,
                    schema = new
                    {
                        type = "object",
                        properties = new { name = new { type = "string" }, in_stock = new { type = "integer" } },
                        required = new[] { "name", "in_stock" },
                        additionalProperties = false,
                    },
                },
            },
        });

        var json = run.GetProperty("output_json");
        Assert.Equal(JsonValueKind.String, json.GetProperty("name").ValueKind);
        Assert.Equal(JsonValueKind.Number, json.GetProperty("in_stock").ValueKind);
        using var text = JsonDocument.Parse(Text(run, "output_text"));
        Assert.Equal(json.GetProperty("name").GetString(), text.RootElement.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Run_Refused_HasARefusalAndNoText()
    {
        var run = await RunAsync(new { input = "Please refuse this" });

        Assert.Equal("", Text(run, "output_text"));
        Assert.StartsWith("I can't help with that", Text(run, "refusal"), StringComparison.Ordinal);
    }

    private async Task<JsonElement> RunAsync(object body)
    {
        using var response = await _app.Api.PostAsJsonAsync("/api/runs?wait=60", body);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        var run = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("completed", Text(run, "status"));
        return run;
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;
}

/// <summary>One product for all of them.</summary>
public sealed class HostedToolApp : IAsyncLifetime
{
    internal AppProcess App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await AppProcess.StartAsync(
        "Demo:TokensPerSecond=0",
        "DemoTools:Latency=00:00:00",
        "HostedTools:Mcp:crm:Url=https://crm.example/mcp",
        "HostedTools:Mcp:crm:Authorization=top-secret-token",
        "HostedTools:Mcp:crm:RequireApproval=Never");

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}
