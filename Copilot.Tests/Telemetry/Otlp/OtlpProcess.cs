using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Tests.Browser.Driving;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Telemetry.Otlp;

/// <summary>The product as a process that exports to a collector on loopback, without content.</summary>
public sealed class OtlpProcess : IAsyncLifetime
{
    internal OtlpReceiver Receiver { get; private set; } = null!;

    internal AppProcess App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Receiver = await OtlpReceiver.StartAsync();
        App = await AppProcess.StartAsync(
            "Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00", "Upstream:RetryDelay=00:00:00.01", "Upstream:MaxRetryDelay=00:00:00.01",
            $"OTEL_EXPORTER_OTLP_ENDPOINT={Receiver.HttpAddress}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=test", "OTEL_BSP_SCHEDULE_DELAY=50", "OTEL_METRIC_EXPORT_INTERVAL=200");
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    /// <summary>Starts a run over the API; gives its id.</summary>
    internal async Task<string> StartAsync(string input, string? fault = null, string? traceParent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs")
        {
            Content = JsonContent.Create(new
            {
                input,
                metadata = fault is null ? [] : new Dictionary<string, string> { ["demo.fault"] = fault },
            }),
        };
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
        }

        using var response = await App.Api.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run_id").GetString()!;
    }

    /// <summary>The run's events until one of this type, as they are published.</summary>
    internal async Task<IReadOnlyList<string>> ReadUntilAsync(string runId, string type)
    {
        var lines = new List<string>();
        using var response = await App.Api.GetAsync($"/api/runs/{runId}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync().Soon($"the run comes to {type}") is { } line)
        {
            lines.Add(line);
            if (line.Contains($"\"{type}\"", StringComparison.Ordinal))
            {
                return lines;
            }
        }

        throw new InvalidOperationException($"The run ended without {type}.");
    }
}
