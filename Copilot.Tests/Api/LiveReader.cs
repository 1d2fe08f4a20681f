using System.Text.Json;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Api;

/// <summary>Reads <c>GET /api/live</c> message by message.</summary>
internal sealed class LiveReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private LiveReader(HttpResponseMessage response, StreamReader reader) => (_response, _reader) = (response, reader);

    public static async Task<LiveReader> OpenAsync(HttpClient client)
    {
        var response = await client.GetAsync("/api/live", HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new LiveReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next message of this name that tells of the run; of any, for null.</summary>
    public Task<JsonElement> NextAsync(string name, string? runId) => ReadUntilAsync(name, runId).Soon($"{name} comes");

    private async Task<JsonElement> ReadUntilAsync(string name, string? runId)
    {
        while (true)
        {
            var (said, data) = await NextOrEndAsync() ?? throw new InvalidOperationException($"The stream has ended before {name} came.");
            if (said == name && (runId is null || data.GetRawText().Contains(runId, StringComparison.Ordinal)))
            {
                return data;
            }
        }
    }

    /// <summary>The next message; null at the end.</summary>
    public async Task<(string Name, JsonElement Data)?> NextOrEndAsync()
    {
        var name = "";
        while (await _reader.ReadLineAsync().Soon("a line of the stream comes") is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (name, JsonDocument.Parse(line["data: ".Length..]).RootElement);
            }
        }

        return null;
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
