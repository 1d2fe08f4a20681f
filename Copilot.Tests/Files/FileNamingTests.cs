using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Files;

namespace Copilot.Tests.Files;

public sealed class FileNamingTests
{
    [Theory]
    [InlineData("report.pdf", "report.pdf")]
    [InlineData("C:\\Users\\una\\report.pdf", "report.pdf")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..", "file")]
    [InlineData(".htaccess", "htaccess")]
    [InlineData("a\r\nSet-Cookie: b\u0000.txt", "aSet-Cookie: b.txt")]
    [InlineData("photo\u202Egpj.exe", "photogpj.exe")]
    [InlineData("Übersicht 📎.xlsx", "Übersicht 📎.xlsx")]
    [InlineData("half \ud83d.txt", "half .txt")]
    [InlineData("  ", "file")]
    [InlineData(null, "file")]
    public void Clean_Name_IsSafeToDisplay(string? given, string expected) => Assert.Equal(expected, FileName.Clean(given));

    [Fact]
    public void Clean_LongName_PreservesItsExtension()
    {
        var clean = FileName.Clean(new string('x', 115) + "📎📎📎.markdown");

        Assert.Equal(new string('x', 111) + ".markdown", clean);
        Assert.Equal(FileName.MaxLength, FileName.Clean(new string('y', 500)).Length);
        Assert.False(char.IsSurrogate(FileName.Clean(new string('x', 119) + "📎📎")[^1]));
    }

    [Theory]
    [InlineData("text/csv; charset=utf-8", "a.bin", "text/csv")]
    [InlineData("TEXT/Plain", "a.bin", "text/plain")]
    [InlineData(null, "a.json", "application/json")]
    [InlineData("application/octet-stream", "a.pdf", "application/pdf")]
    [InlineData("nonsense", "a.unheard", "application/octet-stream")]
    [InlineData("image/*", "a", "application/octet-stream")]
    [InlineData("image/png", "a.png", "application/octet-stream")]
    [InlineData(null, "a.png", "application/octet-stream")]
    [InlineData("image/svg+xml", "a.svg", "image/svg+xml")]
    public void Decide_NoImage_UsesTheSendersType(string? declared, string name, string expected) =>
        Assert.Equal(expected, MediaType.Decide("plain words"u8, declared, name));

    [Fact]
    public void Decide_Image_UsesItsBytes()
    {
        Assert.Equal("image/png", MediaType.Decide(TestFiles.Png, "text/html", "a.html"));
        Assert.Equal("image/jpeg", MediaType.Decide([0xff, 0xd8, 0xff, 0xe0], null, "a"));
        Assert.Equal("image/gif", MediaType.Decide("GIF89a--"u8, null, "a"));
        Assert.Equal("image/webp", MediaType.Decide("RIFF\u0001\u0001\u0001\u0001WEBPVP8 "u8, null, "a"));
        Assert.Equal("application/octet-stream", MediaType.Decide("RIFF\u0001\u0001\u0001\u0001WAVE"u8, null, "a"));
    }

    [Theory]
    [InlineData(1, "1 byte")]
    [InlineData(0, "0 bytes")]
    [InlineData(812, "812 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1024, "1 KB")]
    [InlineData(1234, "1.2 KB")]
    [InlineData(4096, "4 KB")]
    [InlineData(10_188, "9.9 KB")]
    [InlineData(10_200, "10 KB")]
    [InlineData(1_048_063, "1023 KB")]
    [InlineData(1_048_064, "1 MB")]
    [InlineData(1_572_864, "1.5 MB")]
    [InlineData(20_971_520, "20 MB")]
    [InlineData(67_108_864, "64 MB")]
    [InlineData(5_583_457_485, "5.2 GB")]
    [InlineData(1_125_899_906_842_624, "1024 TB")]
    public void Format_Size_IsShort(long bytes, string expected) => Assert.Equal(expected, FileSize.Format(bytes));
}
