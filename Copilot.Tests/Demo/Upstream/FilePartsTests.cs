using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
namespace Copilot.Tests.Demo.Upstream;

/// <summary>Images and files of a message, at the other end of the wire.</summary>
public sealed class FilePartsTests(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>
{
    [Fact]
    public async Task Answer_FilesAlone_ReportsTheFiles()
    {
        var response = await CreateAsync(
            Image(TestFiles.Png, "image/png"),
            File("stock.csv", "text/csv", "part;count\npump;3\nbelt;7\nseal;0"u8.ToArray()),
            File("scan.pdf", "application/pdf", [0x25, 0x50, 0, 1]));

        var text = OutputText(response);
        Assert.Contains("I received 3 files:", text, StringComparison.Ordinal);
        Assert.Contains($"**An image**, image/png, 3 × 2 pixels, {TestFiles.Png.Length} bytes", text, StringComparison.Ordinal);
        Assert.Contains("**stock.csv**, text/csv, 31 bytes. It begins:", text, StringComparison.Ordinal);
        Assert.Contains("part;count\n  pump;3\n  belt;7\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("seal", text, StringComparison.Ordinal);
        Assert.Contains("**scan.pdf**, application/pdf, 4 bytes", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_TaskWithAFile_ReportsBoth()
    {
        var response = await CreateAsync(Text("My name is Ada"), File("a.txt", "text/plain", "a"u8.ToArray()));

        Assert.Contains("**a.txt**", OutputText(response), StringComparison.Ordinal);
        Assert.Contains("Nice to meet you, Ada.", OutputText(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_OfFiles_CountsThem()
    {
        var bare = InputTokens(await CreateAsync(Text("Hello")));

        Assert.Equal(bare + 85 + 170, InputTokens(await CreateAsync(Text("Hello"), Image(TestFiles.Png, "image/png"))));
        Assert.Equal(bare + 250, InputTokens(await CreateAsync(Text("Hello"), File("a.txt", "text/plain", Encoding.UTF8.GetBytes(new string('a', 1000))))));
    }

    [Theory]
    [InlineData("""{"type":"input_image"}""", "missing_required_parameter", "input[0].content[0].image_url")]
    [InlineData("""{"type":"input_image","image_url":"data:image/png;base64,***"}""", "invalid_value", "input[0].content[0].image_url")]
    [InlineData("""{"type":"input_image","image_url":"data:text/plain;base64,YQ=="}""", "invalid_value", "input[0].content[0].image_url")]
    [InlineData("""{"type":"input_image","image_url":"data:image/png;base64,YQ=="}""", "invalid_image", "input")]
    [InlineData("""{"type":"input_image","image_url":"https://example.com/a.png","detail":"huge"}""", "invalid_value", "input[0].content[0].detail")]
    [InlineData("""{"type":"input_image","file_id":"file_1"}""", "invalid_value", "input[0].content[0].file_id")]
    [InlineData("""{"type":"input_file","filename":"a.txt"}""", "missing_required_parameter", "input[0].content[0].file_data")]
    [InlineData("""{"type":"input_file","file_data":"data:text/plain;base64,YQ=="}""", "missing_required_parameter", "input[0].content[0].filename")]
    [InlineData("""{"type":"input_file","filename":"a.txt","file_data":"YQ=="}""", "invalid_value", "input[0].content[0].file_data")]
    [InlineData("""{"type":"input_text"}""", "missing_required_parameter", "input[0].content[0].text")]
    [InlineData("""{"type":"input_video","text":"a"}""", "invalid_value", "input[0].content[0].type")]
    public async Task Part_ThatCannotBeUsed_IsRefused(string part, string code, string param)
    {
        using var response = await PostAsync([JsonNode.Parse(part)!]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Request_AboveKestrelsOwnLimit_IsAccepted()
    {
        var response = await CreateAsync(File("large.bin", "application/octet-stream", new byte[30_000_000]));

        Assert.Contains("**large.bin**, application/octet-stream, 30,000,000 bytes", OutputText(response), StringComparison.Ordinal);
    }

    [Fact]
    public void ImageSize_OfEachKind_IsReadFromItsHeader()
    {
        AssertSize(3, 2, ImageSize.Of(TestFiles.Png));
        AssertSize(300, 200, ImageSize.Of([.. "GIF89a"u8, 0x2C, 0x01, 0xC8, 0x00, 0, 0, 0]));
        AssertSize(640, 480, ImageSize.Of(
            [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 17, 8, 0x01, 0xE0, 0x02, 0x80, 3, 0, 0]));
        AssertSize(100, 50, ImageSize.Of([.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 49, 0, 0]));
        Assert.Null(ImageSize.Of("plain"u8));
        Assert.Null(ImageSize.Of([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2]));
    }

    private static void AssertSize(int width, int height, (int Width, int Height)? size)
    {
        Assert.Equal(width, size?.Width);
        Assert.Equal(height, size?.Height);
    }

    private static JsonObject Text(string text) => new() { ["type"] = "input_text", ["text"] = text };

    private static JsonObject Image(byte[] bytes, string type) =>
        new() { ["type"] = "input_image", ["image_url"] = $"data:{type};base64,{Convert.ToBase64String(bytes)}", ["detail"] = "auto" };

    private static JsonObject File(string name, string type, byte[] bytes) =>
        new() { ["type"] = "input_file", ["filename"] = name, ["file_data"] = $"data:{type};base64,{Convert.ToBase64String(bytes)}" };

    private static string OutputText(JsonElement response) => response.GetProperty("output").EnumerateArray()
        .Single(item => item.GetProperty("type").GetString() == "message").GetProperty("content")[0].GetProperty("text").GetString()!;

    private static int InputTokens(JsonElement response) => response.GetProperty("usage").GetProperty("input_tokens").GetInt32();

    private async Task<JsonElement> CreateAsync(params JsonNode[] parts)
    {
        using var response = await PostAsync(parts);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task<HttpResponseMessage> PostAsync(JsonNode[] parts) => fixture.Host.Http.PostAsJsonAsync("responses", new JsonObject
    {
        ["model"] = "demo",
        ["input"] = new JsonArray(new JsonObject { ["type"] = "message", ["role"] = "user", ["content"] = new JsonArray(parts) }),
    });
}
