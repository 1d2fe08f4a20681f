using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Responses.Requests;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Files;
using Copilot.Web.Identity;
using Copilot.Web.Security;

namespace Copilot.Tests.Files;

/// <summary>Uploads over HTTP.</summary>
public sealed class FileHttpTests : FileHttpScene
{
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

    [Fact]
    public async Task Upload_CompressedBody_Answers415()
    {
        using var content = Raw("not unpacked"u8.ToArray(), "text/plain");
        content.Headers.ContentEncoding.Add("gzip");

        Assert.Equal(EncodedBodies.Refused, await ProblemAsync(await _api.PostAsync("/api/files?name=a.txt", content), HttpStatusCode.UnsupportedMediaType));
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
