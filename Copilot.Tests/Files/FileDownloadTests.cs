using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Files;
using Copilot.Web.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Files;

/// <summary>Downloads and removals, with people who may and people who may not.</summary>
public sealed class FileDownloadTests : FileHttpScene
{
    [Fact]
    public async Task Download_OwnUpload_IsAnAttachmentWithNosniff()
    {
        using var staff = await SignedInAsync("una", Roles.Staff, Team);
        var file = await UploadAsync(staff, "evil \"page\".html", "<script>alert(1)</script>"u8.ToArray(), "text/html");

        using var response = await staff.GetAsync("/files/" + file.Id);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("evil \"page\".html", response.Content.Headers.ContentDisposition.FileNameStar);
        // Never a page, a script or a style, and without any right.
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Contains("sandbox", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(new CacheControlHeaderValue { Private = true, NoCache = true }, response.Headers.CacheControl);
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/files/" + file.Id);
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var unchanged = await staff.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Theory]
    [InlineData("script", HttpStatusCode.Forbidden)]
    [InlineData("style", HttpStatusCode.Forbidden)]
    [InlineData("worker", HttpStatusCode.Forbidden)]
    [InlineData("iframe", HttpStatusCode.Forbidden)]
    [InlineData("document", HttpStatusCode.OK)]
    [InlineData("image", HttpStatusCode.OK)]
    public async Task Download_ByUse_OnlyAsDownloadOrImage(string use, HttpStatusCode expected)
    {
        using var staff = await SignedInAsync("una", Roles.Staff, Team);
        var file = await UploadAsync(staff, "a.js", "alert(1)"u8.ToArray(), "text/javascript");
        staff.DefaultRequestHeaders.Add("Sec-Fetch-Dest", use);

        using var response = await staff.GetAsync("/files/" + file.Id);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Download_FileOfASession_NeedsAccessToTheSession()
    {
        using var owner = await SignedInAsync("una", Roles.Staff, Team);
        using var colleague = await SignedInAsync("carl", Roles.Staff, Team);
        using var supervisor = await SignedInAsync("sue", Roles.Supervisor, Team);
        using var stranger = await SignedInAsync("sam", Roles.Supervisor, "team_other");
        using var admin = await SignedInAsync("ada", Roles.Admin, "team_other");
        var file = await UploadAsync(owner, "a.txt", "a"u8.ToArray(), "text/plain");

        // Until a message uses it, it is the uploader's alone.
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound],
            await StatusesAsync(file.Id, owner, colleague, supervisor, stranger, admin));

        await UseAsync(file.Id, "ses_1");
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.OK],
            await StatusesAsync(file.Id, owner, colleague, supervisor, stranger, admin));

        // What is not there and what one may not see are the same answer.
        using var missing = await colleague.GetAsync("/files/file_00000000000000000000000000000000");
        using var hidden = await colleague.GetAsync("/files/" + file.Id);
        Assert.Equal(await BodyAsync(missing), await BodyAsync(hidden));
        Assert.Equal(new CacheControlHeaderValue { Private = true, NoStore = true }, hidden.Headers.CacheControl);

        await _host.Services.GetRequiredService<IErasureStore>().AddAsync(
            new ErasureRequest
            {
                Id = "fgt_1",
                SessionId = "ses_1",
                Owner = new RunOwner("una", Team),
                Cause = ErasureCause.Deletion,
                RequestedAt = DateTimeOffset.UnixEpoch,
            },
            CancellationToken.None);
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound], await StatusesAsync(file.Id, owner, admin));
    }

    [Fact]
    public async Task Download_Erased_IsNotFound()
    {
        using var owner = await SignedInAsync("una", Roles.Staff, Team);
        var file = await UploadAsync(owner, "a.txt", "a"u8.ToArray(), "text/plain");
        await UseAsync(file.Id, "ses_1");

        await _host.Services.GetRequiredService<FileStore>().EraseSessionAsync("ses_1", CancellationToken.None);

        Assert.Equal([HttpStatusCode.NotFound], await StatusesAsync(file.Id, owner));
        Assert.Empty(OnDisk());
    }

    [Fact]
    public async Task Remove_OwnUnusedUpload_IsDeleted()
    {
        using var owner = await SignedInAsync("una", Roles.Staff, Team);
        using var colleague = await SignedInAsync("carl", Roles.Staff, Team);
        var file = await UploadAsync(owner, "a.txt", "a"u8.ToArray(), "text/plain");

        (await colleague.DeleteAsync("/files/" + file.Id)).Dispose();
        Assert.Equal([HttpStatusCode.OK], await StatusesAsync(file.Id, owner));
        (await owner.DeleteAsync("/files/" + file.Id)).Dispose();
        Assert.Equal([HttpStatusCode.NotFound], await StatusesAsync(file.Id, owner));
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadFromJsonAsync<Dictionary<string, JsonElement>>();
        body!.Remove("traceId");
        return JsonSerializer.Serialize(body);
    }

    private static async Task<IReadOnlyList<HttpStatusCode>> StatusesAsync(string fileId, params HttpClient[] people)
    {
        var statuses = new List<HttpStatusCode>();
        foreach (var person in people)
        {
            using var response = await person.GetAsync("/files/" + fileId);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }
}
