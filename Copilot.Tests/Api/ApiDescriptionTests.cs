using System.Net;
using System.Text.Json;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

/// <summary>The OpenAPI document says what the API really has.</summary>
public sealed class ApiDescriptionTests(DemoHost demo) : IClassFixture<DemoHost>, IDisposable
{
    private const string Address = "/openapi/v1.json";

    private readonly PeopleHost _host = demo.Host;
    private readonly HttpClient _client = demo.Host.Program("demo-key");

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Document_OfTheApi_HasEveryAddressAndNoOther()
    {
        var mapped = _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText is { } path && path.StartsWith("/api/", StringComparison.Ordinal) && !path.Contains("**", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => $"{method.ToLowerInvariant()} {endpoint.RoutePattern.RawText}"));

        var described = (await DocumentAsync()).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name} {path.Name}"));

        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/api/runs", "input,session_id,metadata,files,budget,text,callback_url")]
    [InlineData("/api/runs/{id}/steer", "text,id,reason")]
    [InlineData("/api/runs/{id}/cancel", "reason")]
    [InlineData("/api/runs/{id}/approvals/{callId}", "decision,arguments,reason")]
    [InlineData("/api/runs/{id}/questions/{callId}", "answer,reason")]
    [InlineData("/api/runs/{id}/budget", "amount,reason")]
    [InlineData("/api/runs/{id}/commands", "id,verb,reason,expected_seq,data")]
    public async Task Document_Body_HasItsFieldsAsTheyAreWritten(string path, string fields)
    {
        var document = await DocumentAsync();

        var body = document.GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("requestBody")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal(fields.Split(','), body.GetProperty("properties").EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Document_WithoutAKey_IsRefused()
    {
        using var stranger = new HttpClient { BaseAddress = _host.Address };

        using var response = await stranger.GetAsync(Address);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private async Task<JsonElement> DocumentAsync() => JsonDocument.Parse(await _client.GetByteArrayAsync(Address)).RootElement;
}
