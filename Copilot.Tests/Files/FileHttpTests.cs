using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Api;
using Copilot.Web.Files;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Files;

/// <summary>Uploads and downloads on real Kestrel, disk and database, with people who may and people who may not.</summary>
public sealed class FileHttpTests : IAsyncLifetime
{
    private const string Team = "team_default";

    private PeopleHost _host = null!;
    private HttpClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings
        {
            IsDemo = true,
            Values = new() { ["Upstream:BaseUrl"] = "http://127.0.0.1:9/v1", ["Files:MaxBytes"] = "100000", ["Files:MaxPerMessage"] = "2" },
        });
        _api = _host.Program("demo-key");
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Upload_RawBody_Answers201AndCanBeDownloaded()
    {
        using var response = await _api.PostAsync("/api/files?name=shot.png", Raw(TestFiles.Png, "application/x-www-form-urlencoded"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var file = await response.Content.ReadFromJsonAsync<MessageFile>(JsonSerializerOptions.Web);
        Assert.Equal("shot.png", file!.Name);
        Assert.Equal("image/png", file.Type);
        Assert.Equal(TestFiles.Png.Length, (int)file.Size);
        Assert.Equal("/api/files/" + file.Id, response.Headers.Location!.ToString());
        Assert.Equal(file, await _api.GetFromJsonAsync<MessageFile>(response.Headers.Location));
        Assert.Equal(TestFiles.Png, await _api.GetByteArrayAsync(response.Headers.Location + "/content"));
    }

    [Fact]
    public async Task Upload_Form_ReadsItsOneFile()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("ignored"), "purpose" },
            { new ByteArrayContent("a;b"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } }, "file", "Übersicht 2026.csv" },
        };

        using var response = await _api.PostAsync("/api/files", form);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var file = await response.Content.ReadFromJsonAsync<MessageFile>(JsonSerializerOptions.Web);
        Assert.Equal("Übersicht 2026.csv", file!.Name);
        Assert.Equal("text/csv", file.Type);
        Assert.Equal(3, (int)file.Size);
    }

    [Fact]
    public async Task Upload_InvalidForm_ReportsWhatToSend()
    {
        using var two = new MultipartFormDataContent { { new StringContent("a"), "file", "a.txt" }, { new StringContent("b"), "file", "b.txt" } };
        using var none = new MultipartFormDataContent { { new StringContent("a"), "field" } };
        using var cut = Raw("--x\r\nContent-Disposition: form-data; name=f; filename=a.txt\r\n\r\nhalf"u8.ToArray(), "multipart/form-data; boundary=x");
        using var bare = Raw("--x--"u8.ToArray(), "multipart/form-data");

        Assert.Equal(FileText.OneAtATime, await ProblemAsync(await _api.PostAsync("/api/files", two), HttpStatusCode.BadRequest));
        foreach (var form in new HttpContent[] { none, cut, bare })
        {
            Assert.Equal(FileText.NoFile, await ProblemAsync(await _api.PostAsync("/api/files", form), HttpStatusCode.BadRequest));
        }

        Assert.Empty(OnDisk());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Upload_TooLarge_Answers413(bool saysItsLength)
    {
        using HttpContent content = saysItsLength ? Raw(new byte[200_000], "text/plain") : new Chunked(200_000);

        var problem = await ProblemAsync(await _api.PostAsync("/api/files?name=a", content), HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal(FileText.TooLarge(100_000), problem);
        Assert.Empty(OnDisk());
    }

    [Fact]
    public async Task Upload_LargestSize_IsAccepted()
    {
        using var response = await _api.PostAsync("/api/files?name=a", Raw(new byte[100_000], "text/plain"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task Upload_Nothing_Answers400()
    {
        var problem = await ProblemAsync(await _api.PostAsync("/api/files?name=a", Raw([], "text/plain")), HttpStatusCode.BadRequest);

        Assert.Equal(FileText.Empty, problem);
    }

    [Fact]
    public async Task Upload_WithoutKey_Answers401()
    {
        using var nobody = _host.Browser();
        using var response = await nobody.PostAsync("/api/files", Raw([1], "text/plain"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(OnDisk());
    }

    [Fact]
    public async Task BrowserUpload_FromAnotherSite_IsRefused()
    {
        using var staff = await SignedInAsync("una", Roles.Staff, Team);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/files?name=a.txt") { Content = Raw([1], "text/plain") };
        request.Headers.Add("Origin", "http://evil.example");

        using var response = await staff.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(OnDisk());
    }

    [Fact]
    public async Task BrowserUpload_SignedOut_Answers401ToAScript()
    {
        using var nobody = _host.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/files?name=a.txt") { Content = Raw([1], "text/plain") };
        request.Headers.Add("X-Requested-With", "XMLHttpRequest");

        using var response = await nobody.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

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

    private static ByteArrayContent Raw(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    private static async Task<MessageFile> UploadAsync(HttpClient client, string name, byte[] bytes, string type, string path = "/files")
    {
        using var response = await client.PostAsync($"{path}?name={Uri.EscapeDataString(name)}", Raw(bytes, type));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<MessageFile>(JsonSerializerOptions.Web))!;
    }

    private static async Task<string> ProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            Assert.Equal(expected, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
        }
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

    private string[] OnDisk()
    {
        var folder = Path.Combine(_host.ContentRoot, "App_Data", "files");
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    private async Task<HttpClient> SignedInAsync(string name, string role, string team)
    {
        await EnsureTeamAsync(team);
        await _host.CreatePersonAsync(name, role, team);
        var browser = _host.Browser();
        using var signedIn = await PeopleHost.PostFormAsync(
            browser, "/signin", "/account/signin", ("userName", name), ("password", "correct horse battery"));
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
        return browser;
    }

    private async Task EnsureTeamAsync(string team)
    {
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        if (!await db.Teams.AnyAsync(row => row.Id == team))
        {
            db.Teams.Add(new TeamRow { Id = team, Name = team });
            await db.SaveChangesAsync();
        }
    }

    /// <summary>As the commit of a message does; the session is the uploader's.</summary>
    private async Task UseAsync(string fileId, string sessionId)
    {
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        var row = (await db.Files.FindAsync(fileId))!;
        row.SessionId = sessionId;
        db.Sessions.Add(new SessionRow { Id = sessionId, UserId = row.UserId, TeamId = row.TeamId, Title = "t", CreatedAt = 1, UpdatedAt = 1 });
        await db.SaveChangesAsync();
    }

    private sealed class Chunked(int length) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(new byte[length]).AsTask();

        protected override bool TryComputeLength(out long computed)
        {
            computed = 0;
            return false;
        }
    }
}
