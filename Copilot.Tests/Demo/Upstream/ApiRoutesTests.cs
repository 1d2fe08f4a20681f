using System.ClientModel;
using System.Net;
using System.Text;
using System.Text.Json;
using Copilot.Demo.Upstream.Model.Hosted;
using Copilot.Tests.Shared.Upstream;
using OpenAI;
using OpenAI.Models;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>Everything below the API's address answers as the API, also what it does not have.</summary>
public sealed class ApiRoutesTests(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>
{
    private readonly DemoUpstreamHost _host = fixture.Host;
    private readonly OpenAIModelClient _models = new(
        new ApiKeyCredential(DemoUpstreamHost.Key), new OpenAIClientOptions { Endpoint = fixture.Host.BaseAddress });

    [Fact]
    public async Task Models_AreListedAndFoundByName()
    {
        OpenAIModelCollection all = await _models.GetModelsAsync();
        OpenAIModel one = await _models.GetModelAsync("gpt-6-demo");
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => _models.GetModelAsync("nope"));

        Assert.Contains(all, model => model.Id == "demo");
        Assert.Equal("gpt-6-demo", one.Id);
        Assert.Equal(404, refused.Status);
        Assert.Contains("model_not_found", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContainerFile_ThatTheCodeHasMade_IsThere_AndOthersAreTheApis404()
    {
        var id = InterpreterChart.IdOf([3, 8.25, -5]);

        using var found = await SendAsync("GET", $"containers/cntr_demo/files/{id}/content", null);
        using var unknown = await SendAsync("GET", "containers/cntr_demo/files/cfile_demo_zz/content", null);
        using var elsewhere = await SendAsync("GET", $"containers/cntr_other/files/{id}/content", null);

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await found.Content.ReadAsByteArrayAsync())[..4]);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("invalid_request_error", (await ErrorAsync(unknown)).Text("type"));
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData("POST", "embeddings", "application/json")]
    [InlineData("POST", "nope/at/all", "application/x-www-form-urlencoded")]
    [InlineData("POST", "nope", "multipart/form-data; boundary=x")]
    [InlineData("POST", "nope", null)]
    [InlineData("GET", "nope", null)]
    [InlineData("PUT", "files/x.png", "text/plain")]
    [InlineData("DELETE", "", null)]
    [InlineData("PROPFIND", "nope", null)]
    public async Task UnknownPath_WhateverTheMethod_IsTheApis404(string method, string path, string? contentType)
    {
        using var response = await SendAsync(method, path, contentType);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var error = await ErrorAsync(response);
        Assert.Equal("invalid_request_error", error.Text("type"));
        Assert.Contains($"{method} /demo/v1/{path}", error.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "responses", "GET, POST")]
    [InlineData("POST", "models", "GET")]
    [InlineData("PATCH", "responses/resp_1", "DELETE, GET")]
    [InlineData("GET", "responses/resp_1/cancel", "POST")]
    [InlineData("DELETE", "models/demo", "GET")]
    public async Task WrongMethod_Is405AndNamesTheOthers(string method, string path, string allowed)
    {
        using var response = await SendAsync(method, path, contentType: null);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        Assert.Equal("method_not_supported", (await ErrorAsync(response)).Text("code"));
    }

    [Theory]
    [InlineData("responses/resp_1/input_items?limit=many", "limit")]
    [InlineData("responses/resp_1?stream=perhaps", "stream")]
    [InlineData("responses/resp_1?stream=true&starting_after=x", "starting_after")]
    public async Task BadQuery_IsTheApis400(string path, string param)
    {
        using var response = await SendAsync("GET", path, contentType: null);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await ErrorAsync(response)).Text("param"));
    }

    [Theory]
    [InlineData("POST", "conversations")]
    [InlineData("GET", "conversations/conv_1/items")]
    public async Task Conversations_Are404AndTheDemoSaysThatItHasNone(string method, string path)
    {
        using var response = await SendAsync(method, path, "application/json");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("has no Conversations API", (await ErrorAsync(response)).Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CountTokens_WithoutAModel_IsAnswered()
    {
        using var content = new StringContent("""{"input":"Hello"}""", Encoding.UTF8, "application/json");
        using var response = await _host.Http.PostAsync(new Uri("responses/input_tokens", UriKind.Relative), content);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(body.RootElement.GetProperty("input_tokens").GetInt32() > 0);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? contentType)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (contentType is not null)
        {
            request.Content = new ByteArrayContent("x=1"u8.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return await _host.Http.SendAsync(request);
    }

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("error").Clone();
    }
}
