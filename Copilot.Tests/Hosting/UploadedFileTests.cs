using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Hosting;

/// <summary>A file through the API of the whole product to the model.</summary>
public sealed class UploadedFileTests
{
    [Fact]
    public async Task Upload_OverTheApi_ReachesTheModel()
    {
        await using var host = await WholeHost.StartAsync();
        using var client = host.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "demo-key");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(TestFiles.Png), "file", "pump.png" } };
        var picture = await ReadAsync(await client.PostAsync("/api/files", form));
        using var raw = new ByteArrayContent(Encoding.UTF8.GetBytes("first line\nsecond line")) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } };
        var notes = await ReadAsync(await client.PostAsync("/api/files?name=notes.txt", raw));

        var run = await ReadAsync(await client.PostAsJsonAsync(
            "/api/runs?wait=60", new { input = "What is this?", files = new[] { picture.GetProperty("id"), notes.GetProperty("id") } }));

        Assert.Equal("completed", run.GetProperty("status").GetString());
        var text = run.GetProperty("output_text").GetString();
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"image/png, 3 × 2 pixels, {TestFiles.Png.Length} bytes"), text, StringComparison.Ordinal);
        Assert.Contains("first line\n  second line", text, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }
    }
}
