using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Copilot.Web.Api;
using Copilot.Web.Files;
using Copilot.Web.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Files;

/// <summary>Files that a program sends with a message.</summary>
public sealed class FilesOfARunTests : FileHttpScene
{
    [Fact]
    public async Task CreateRun_WithFiles_CarriesThemToTheRun()
    {
        var a = await UploadAsync(_api, "a.txt", "a"u8.ToArray(), "text/plain", "/api/files");
        var b = await UploadAsync(_api, "b.txt", "b"u8.ToArray(), "text/plain", "/api/files");

        using var response = await _api.PostAsync("/api/runs", Json(new { input = "Compare them", files = new[] { b.Id, a.Id } }));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal([b, a], Assert.Single(_host.Runs.Requests).Files);
    }

    [Fact]
    public async Task CreateRun_FilesWithoutText_IsStarted()
    {
        var a = await UploadAsync(_api, "a.txt", "a"u8.ToArray(), "text/plain", "/api/files");

        using var response = await _api.PostAsync("/api/runs", Json(new { files = new[] { a.Id } }));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("", Assert.Single(_host.Runs.Requests).Input);
    }

    [Fact]
    public async Task CreateRun_InvalidFiles_NamesTheBadOne()
    {
        using var other = await SignedInAsync("una", Roles.Staff, Team);
        var hers = await UploadAsync(other, "a.txt", "a"u8.ToArray(), "text/plain");

        async Task<string> RefusedAsync(object body) => await ProblemAsync(await _api.PostAsync("/api/runs", Json(body)), HttpStatusCode.BadRequest);

        Assert.Equal(FileText.Unusable(hers.Id), await RefusedAsync(new { input = "x", files = new[] { hers.Id } }));
        Assert.Equal(FileText.Unusable("file_1"), await RefusedAsync(new { input = "x", files = new[] { "file_1" } }));
        Assert.Equal(FileText.TooMany(2, 3), await RefusedAsync(new { input = "x", files = new[] { "1", "2", "3" } }));
        Assert.Equal(ApiText.FilesInvalid, await RefusedAsync(new { input = "x", files = "file_1" }));
        Assert.Equal(ApiText.FilesInvalid, await RefusedAsync(new { input = "x", files = new[] { 1 } }));
        Assert.Equal(ApiText.InputMissing, await RefusedAsync(new { files = Array.Empty<string>() }));
        Assert.Empty(_host.Runs.Requests);
    }

    [Fact]
    public async Task CreateRun_RepeatedWithItsIdempotencyKey_IsTheSameRun()
    {
        var a = await UploadAsync(_api, "a.txt", "a"u8.ToArray(), "text/plain", "/api/files");
        async Task<string> RunAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs") { Content = Json(new { input = "Read it", files = new[] { a.Id } }) };
            request.Headers.Add("Idempotency-Key", "k1");
            using var response = await _api.SendAsync(request);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run_id").GetString()!;
        }

        var first = await RunAsync();
        await UseAsync(a.Id, _host.Runs.Only().SessionId);

        Assert.Equal(first, await RunAsync());
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
