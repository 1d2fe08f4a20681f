using System.Net;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;

namespace Copilot.Tests.Api;

public sealed class TextFormatTests : IAsyncLifetime
{
    private const string Schema = """{"type":"json_schema","name":"part","strict":true,"schema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}}""";

    private PeopleHost _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartDemoAsync();
        _client = _host.Program("demo-key");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Create_JsonSchema_IsPassedOnByteForByte()
    {
        using var response = await CreateAsync("""{"input":"a","text":{"format":""" + Schema + "}}");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(Schema, Encoding.UTF8.GetString(Assert.Single(_host.Runs.Requests).TextFormat.Span));
    }

    [Theory]
    [InlineData(50, HttpStatusCode.Accepted)]
    [InlineData(51, HttpStatusCode.UnprocessableEntity)]
    public async Task Create_SchemaNestedTooDeeplyForAnEvent_IsRefused(int levels, HttpStatusCode status)
    {
        var schema = string.Concat(Enumerable.Repeat("{\"a\":", levels - 1)) + "{}" + new string('}', levels - 1);
        using var response = await CreateAsync("""{"input":"a","text":{"format":{"type":"json_schema","name":"part","schema":""" + schema + "}}}");

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"format":null}""")]
    [InlineData("""{"format":{"type":"text"}}""")]
    public async Task Create_Prose_HasNoFormat(string text)
    {
        using var response = await CreateAsync("""{"input":"a","text":""" + text + "}");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.True(Assert.Single(_host.Runs.Requests).TextFormat.IsEmpty);
    }

    [Theory]
    [InlineData("""{"name":"pump"}""", "pump")]
    [InlineData("""{"name":"pu""", null)]
    public async Task Get_StructuredRun_GivesTheTextAsItCameAndTheJsonWhereItIsJson(string output, string? name)
    {
        using var created = await CreateAsync("""{"input":"a","text":{"format":""" + Schema + "}}");
        var runId = _host.Runs.Only().RunId;
        _host.Runs.Update(runId, run => run with { OutputText = output, TextFormat = "json_schema" });

        var run = await JsonAsync(await _client.GetAsync($"/api/runs/{runId}"));

        Assert.Equal(output, run.GetProperty("output_text").GetString());
        Assert.Equal(name, run.GetProperty("output_json") is { ValueKind: JsonValueKind.Object } json ? json.GetProperty("name").GetString() : null);
    }

    [Fact]
    public async Task Get_AnswerNestedTooDeeply_IsStillGivenAsText()
    {
        using var created = await CreateAsync("""{"input":"a","text":{"format":""" + Schema + "}}");
        var runId = _host.Runs.Only().RunId;
        var deep = new string('[', 64) + new string(']', 64);
        _host.Runs.Update(runId, run => run with { OutputText = deep, TextFormat = "json_schema" });

        var run = await JsonAsync(await _client.GetAsync($"/api/runs/{runId}"));

        Assert.Equal(deep, run.GetProperty("output_text").GetString());
        Assert.Equal(JsonValueKind.Null, run.GetProperty("output_json").ValueKind);
    }

    [Fact]
    public async Task Get_ProseThatIsJsonByChance_HasNoOutputJson()
    {
        using var created = await CreateAsync("""{"input":"a"}""");
        var runId = _host.Runs.Only().RunId;
        _host.Runs.Update(runId, run => run with { OutputText = "42", Refusal = "No." });

        var run = await JsonAsync(await _client.GetAsync($"/api/runs/{runId}"));

        Assert.Equal(JsonValueKind.Null, run.GetProperty("output_json").ValueKind);
        Assert.Equal("No.", run.GetProperty("refusal").GetString());
    }

    private Task<HttpResponseMessage> CreateAsync(string body) =>
        _client.PostAsync("/api/runs", new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
}
