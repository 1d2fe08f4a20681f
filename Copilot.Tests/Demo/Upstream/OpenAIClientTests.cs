using Copilot.Tests.Shared.Upstream;

#pragma warning disable OPENAI001 // The official client marks its Responses API as experimental.
using System.ClientModel;
using System.Net;
using System.Text;
using System.Text.Json;
using Copilot.Tests.Shared;
using OpenAI.Responses;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>The official client, as it is, against the HTTP side.</summary>
public sealed class OpenAIClientTests(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>
{
    private const string Weather = """
        {"type":"object","properties":{"location":{"type":"string"},"unit":{"type":"string","enum":["celsius","fahrenheit"]}},
         "required":["location","unit"],"additionalProperties":false}
        """;

    private readonly DemoUpstreamHost _host = fixture.Host;
    private readonly ResponsesClient _client = new(
        new ApiKeyCredential(DemoUpstreamHost.Key), new ResponsesClientOptions { Endpoint = fixture.Host.BaseAddress });

    [Fact]
    public async Task Create_WithText_Answers()
    {
        ResponseResult response = await _client.CreateResponseAsync("demo", "Hello");

        Assert.Equal(ResponseStatus.Completed, response.Status);
        Assert.StartsWith("I am the demo model", response.GetOutputText(), StringComparison.Ordinal);
        Assert.True(response.Usage.OutputTokenCount > 0);
    }

    [Fact]
    public async Task Create_Streaming_SendsTheDeltasOfTheAnswer()
    {
        var text = new StringBuilder();
        ResponseResult? completed = null;
        var sequence = 0;
        var options = new CreateResponseOptions("demo", [ResponseItem.CreateUserMessageItem("Show me markdown")]) { StreamingEnabled = true };
        await foreach (var update in await _client.CreateResponseStreamingAsync(options))
        {
            Assert.Equal(sequence++, update.SequenceNumber);
            switch (update)
            {
                case StreamingResponseOutputTextDeltaUpdate delta:
                    text.Append(delta.Delta);
                    break;
                case StreamingResponseCompletedUpdate end:
                    completed = end.Response;
                    break;
            }
        }

        Assert.NotNull(completed);
        Assert.Equal(completed.GetOutputText(), text.ToString());
    }

    [Fact]
    public async Task FunctionTool_IsCalledAndItsOutputUsed()
    {
        var options = new CreateResponseOptions("demo", [ResponseItem.CreateUserMessageItem("What is the weather in Paris in celsius?")]);
        var tool = ResponseTool.CreateFunctionTool("get_weather", BinaryData.FromString(Weather), true, "Tells the weather of a place");
        options.Tools.Add(tool);
        ResponseResult first = await _client.CreateResponseAsync(options);
        var call = Assert.Single(first.OutputItems.OfType<FunctionCallResponseItem>());
        var next = new CreateResponseOptions("demo", [ResponseItem.CreateFunctionCallOutputItem(call.CallId, "18 degrees, sunny")])
        {
            PreviousResponseId = first.Id,
        };
        next.Tools.Add(tool);
        ResponseResult second = await _client.CreateResponseAsync(next);

        Assert.Equal("get_weather", call.FunctionName);
        Assert.Equal("""{"location":"Paris","unit":"celsius"}""", call.FunctionArguments.ToString());
        Assert.Contains("18 degrees, sunny", second.GetOutputText(), StringComparison.Ordinal);
        Assert.True(second.Usage.InputTokenDetails.CachedTokenCount > 0);
    }

    [Fact]
    public async Task StructuredOutput_MatchesItsSchema()
    {
        var options = new CreateResponseOptions("demo", [ResponseItem.CreateUserMessageItem("Paris in celsius")])
        {
            TextOptions = new ResponseTextOptions
            {
                TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("weather", BinaryData.FromString(Weather), jsonSchemaIsStrict: true),
            },
        };
        ResponseResult response = await _client.CreateResponseAsync(options);

        Assert.Equal("""{"location":"demo location","unit":"celsius"}""", response.GetOutputText());
    }

    [Fact]
    public async Task StructuredOutput_OfARecursiveSchema_Is400()
    {
        const string Recursive = """
            {"type":"object","properties":{"next":{"$ref":"#"}},"required":["next"],"additionalProperties":false}
            """;
        var options = new CreateResponseOptions("demo", [ResponseItem.CreateUserMessageItem("go")])
        {
            TextOptions = new ResponseTextOptions
            {
                TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("list", BinaryData.FromString(Recursive), jsonSchemaIsStrict: true),
            },
        };
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => _client.CreateResponseAsync(options));

        Assert.Equal(400, refused.Status);
        Assert.Contains("invalid_json_schema", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stored_CanBeRetrievedListedAndDeleted()
    {
        ResponseResult response = await _client.CreateResponseAsync("demo", "Hello");
        ResponseResult retrieved = await _client.GetResponseAsync(response.Id);
        var items = new List<ResponseItem>();
        await foreach (var item in _client.GetResponseInputItemsAsync(response.Id))
        {
            items.Add(item);
        }

        ResponseDeletionResult deleted = await _client.DeleteResponseAsync(response.Id);
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => _client.GetResponseAsync(response.Id));
        var continued = await Assert.ThrowsAsync<ClientResultException>(() => _client.CreateResponseAsync("demo", "more", response.Id));

        Assert.Equal(response.GetOutputText(), retrieved.GetOutputText());
        Assert.IsAssignableFrom<MessageResponseItem>(Assert.Single(items));
        Assert.True(deleted.Deleted);
        Assert.Equal(404, gone.Status);
        Assert.Equal(400, continued.Status);
        Assert.Contains("previous_response_not_found", continued.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_OverHttpWithGenerate_IsRefused()
    {
        var (status, body) = await PostAsync("""{"model":"demo","input":"x","generate":false}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("Unsupported parameter: generate", body.GetProperty("error").Text("message"));
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"demo","input":"x","conversation":"conv_1"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"model":"gpt-99","input":"x"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"demo","input":"x","temperature":2.1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"demo","input":"x","stream_id":"main"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"demo","input":"x","messages":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"demo","stream":true,"input":[{"type":"function_call_output","call_id":"c","output":"x"}]}""", HttpStatusCode.BadRequest)]
    public async Task Create_Invalid_IsAJsonErrorWithItsStatus(string json, HttpStatusCode expected)
    {
        var (status, body) = await PostAsync(json);

        Assert.Equal(expected, status);
        Assert.Equal("invalid_request_error", body.GetProperty("error").Text("type"));
        Assert.NotEmpty(body.GetProperty("error").Text("message"));
    }

    [Theory]
    [InlineData("""{"model":"demo","input":"Hello","stream":true}""", true)]
    [InlineData("""{"model":"demo","input":"Hello","stream":true,"stream_options":{"include_obfuscation":false}}""", false)]
    public async Task Stream_HasNamedRecordsAndObfuscationUnlessRefused(string json, bool obfuscated)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _host.Http.PostAsync(new Uri("responses", UriKind.Relative), content);
        var records = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        foreach (var record in records)
        {
            var lines = record.Split('\n');
            Assert.Equal(2, lines.Length);
            using var data = JsonDocument.Parse(lines[1]["data: ".Length..]);
            Assert.Equal($"event: {data.RootElement.Type()}", lines[0]);
            Assert.Equal(
                obfuscated && data.RootElement.Type() == "response.output_text.delta",
                data.RootElement.TryGetProperty("obfuscation", out _));
        }

        Assert.StartsWith("event: response.completed\n", records[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithoutKey_Is401()
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri($"{_host.BaseAddress}/responses/resp_1"));
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_api_key", body.RootElement.GetProperty("error").Text("code"));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _host.Http.PostAsync(new Uri("responses", UriKind.Relative), content);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, body.RootElement.Clone());
    }
}
