using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>Responses that are generated independently of readers (protocol §5), on a clock that only the test moves.</summary>
public sealed class BackgroundTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private DemoUpstreamHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await DemoUpstreamHost.StartAsync(_clock, tokensPerSecond: 0);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Create_InTheBackground_IsQueuedAtOnceAndCanBeRetrievedTillItsEnd()
    {
        var begun = await BeginAsync();

        Assert.Equal("queued", begun.Text("status"));
        Assert.True(begun.GetProperty("background").GetBoolean());
        await _clock.WhenTimersArmedAsync(1);
        Assert.Equal("in_progress", (await GetAsync(begun.Text("id"))).Text("status"));
        var events = ReplayAsync(begun.Text("id"), startingAfter: -1);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("response.completed", (await events)[^1].Type());
        Assert.Equal("completed", (await GetAsync(begun.Text("id"))).Text("status"));
    }

    [Fact]
    public async Task Stream_LeftByItsReader_IsReplayedFromAnyNumber()
    {
        string id;
        using (var content = Body(stream: true))
        using (var request = new HttpRequestMessage(HttpMethod.Post, new Uri("responses", UriKind.Relative)) { Content = content })
        using (var response = await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            await reader.ReadLineAsync();
            using var first = JsonDocument.Parse((await reader.ReadLineAsync())!["data: ".Length..]);
            id = first.RootElement.GetProperty("response").Text("id");
        }

        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var all = await ReplayAsync(id, startingAfter: -1);
        var rest = await ReplayAsync(id, startingAfter: 6);

        Assert.Equal(["response.created", "response.queued", "response.in_progress"], all.Take(3).Select(item => item.Type()));
        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(Number));
        Assert.Equal(all.Skip(7).Select(item => item.GetRawText()), rest.Select(item => item.GetRawText()));
        Assert.Empty(await ReplayAsync(id, startingAfter: all.Count - 1));
    }

    [Fact]
    public async Task Stream_WithoutObfuscation_HasNone()
    {
        var id = (await BeginAsync()).Text("id");
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ReplayAsync(id, startingAfter: -1);
        var text = await _host.Http.GetStringAsync(new Uri($"responses/{id}?stream=true&include_obfuscation=false", UriKind.Relative));

        Assert.Contains("response.output_text.delta", text, StringComparison.Ordinal);
        Assert.DoesNotContain("obfuscation", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_StopsItAndEndsItsStreams()
    {
        var id = (await BeginAsync()).Text("id");
        await _clock.WhenTimersArmedAsync(1);
        var following = ReplayAsync(id, startingAfter: -1);
        using var cancelled = await _host.Http.PostAsync(new Uri($"responses/{id}/cancel", UriKind.Relative), content: null);

        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Equal(["response.created", "response.queued", "response.in_progress"], (await following).Select(item => item.Type()));
        Assert.Equal("cancelled", (await GetAsync(id)).Text("status"));
        await _clock.WhenTimersArmedAsync(0);
        using var again = await _host.Http.PostAsync(new Uri($"responses/{id}/cancel", UriKind.Relative), content: null);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Cancel_OfAnotherResponse_IsRefused()
    {
        using var content = new StringContent("""{"model":"demo","input":"Hello"}""", Encoding.UTF8, "application/json");
        using var answered = await _host.Http.PostAsync(new Uri("responses", UriKind.Relative), content);
        using var document = JsonDocument.Parse(await answered.Content.ReadAsStringAsync());
        using var refused = await _host.Http.PostAsync(
            new Uri($"responses/{document.RootElement.Text("id")}/cancel", UriKind.Relative), content: null);
        using var unknown = await _host.Http.PostAsync(new Uri("responses/resp_none/cancel", UriKind.Relative), content: null);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Delete_RunningResponse_StopsAndRemovesIt()
    {
        var id = (await BeginAsync()).Text("id");
        await _clock.WhenTimersArmedAsync(1);
        using var deleted = await _host.Http.DeleteAsync(new Uri($"responses/{id}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        await _clock.WhenTimersArmedAsync(0);
        using var gone = await _host.Http.GetAsync(new Uri($"responses/{id}?stream=true", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Create_InTheBackgroundWithoutStore_IsRefused()
    {
        using var content = new StringContent(
            """{"model":"demo","input":"Hello","background":true,"store":false}""", Encoding.UTF8, "application/json");
        using var refused = await _host.Http.PostAsync(new Uri("responses", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private static StringContent Body(bool stream) => new(
        new JsonObject
        {
            ["model"] = "demo",
            ["input"] = "go",
            ["background"] = true,
            ["stream"] = stream,
            ["metadata"] = new JsonObject { ["demo.thinking_ms"] = "1000", ["demo.answer_tokens"] = "5" },
        }.ToJsonString(),
        Encoding.UTF8,
        "application/json");

    private static int Number(JsonElement item) => item.GetProperty("sequence_number").GetInt32();

    private async Task<JsonElement> BeginAsync()
    {
        using var content = Body(stream: false);
        using var response = await _host.Http.PostAsync(new Uri("responses", UriKind.Relative), content);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    private async Task<JsonElement> GetAsync(string id)
    {
        using var document = JsonDocument.Parse(await _host.Http.GetStringAsync(new Uri($"responses/{id}", UriKind.Relative)));
        return document.RootElement.Clone();
    }

    private async Task<List<JsonElement>> ReplayAsync(string id, int startingAfter)
    {
        var text = await _host.Http.GetStringAsync(new Uri($"responses/{id}?stream=true&starting_after={startingAfter}", UriKind.Relative));
        var events = new List<JsonElement>();
        foreach (var line in text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)))
        {
            using var document = JsonDocument.Parse(line["data: ".Length..]);
            events.Add(document.RootElement.Clone());
        }

        return events;
    }
}
