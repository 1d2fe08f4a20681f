using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Tests.Browser.Driving;
using Copilot.Tests.Shared.Hosts;

namespace Copilot.Tests.Hosting;

/// <summary>The whole product over each transport: a run takes the same steps.</summary>
public sealed class TransportTests
{
    [Fact]
    public async Task Run_OverHttp_TakesTheSameStepsAsOverASocket()
    {
        string[] socket;
        await using (var host = await WholeHost.StartAsync("--DemoTools:Latency=00:00:00", "--Upstream:Transport=WebSocket"))
        {
            socket = await StepsAsync(host);
        }

        await using var other = await WholeHost.StartAsync("--DemoTools:Latency=00:00:00", "--Upstream:Transport=Http");
        var http = await StepsAsync(other);

        Assert.Contains("transport.connected websocket", socket);
        Assert.Contains("transport.connected http", http);
        Assert.Equal(WithoutTransport(socket), WithoutTransport(http));
    }

    private static async Task<string[]> StepsAsync(WholeHost host)
    {
        using var client = host.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "demo-key");
        using var response = await client.PostAsJsonAsync("/api/runs?wait=100", new { input = BookedConversation.Question });
        var run = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("completed", run.GetProperty("status").GetString());
        var stream = await client.GetStringAsync($"/api/runs/{run.GetProperty("run_id").GetString()}/events");
        return [.. stream.Split('\n')
            .Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line[6..]).RootElement)
            .Select(Step)];
    }

    private static string Step(JsonElement runEvent)
    {
        var type = runEvent.GetProperty("type").GetString()!;
        var data = runEvent.GetProperty("data");
        return data.TryGetProperty("kind", out var kind) ? $"{type} {kind}"
            : type.StartsWith("tool.", StringComparison.Ordinal) ? $"{type} {data.GetProperty("name")}"
            : type;
    }

    // Parallel calls may end in either order; what each of them does, and everything else, comes in the same order.
    private static string[] WithoutTransport(string[] steps) =>
        [.. steps.Where(step => !step.StartsWith("transport.", StringComparison.Ordinal) && !step.StartsWith("tool.completed", StringComparison.Ordinal))];
}
