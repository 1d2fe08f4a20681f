using System.IO.Compression;
using System.Text;

namespace Copilot.Tests.Sessions.Importing;

/// <summary>Files that are no export, or a broken one, and what is said of each.</summary>
internal static class HostileFiles
{
    private const string Header = ExportFiles.Header;

    /// <summary>By what is wrong with them.</summary>
    public static IReadOnlyDictionary<string, (byte[] File, string Says)> All { get; } = new Dictionary<string, (byte[], string)>
    {
        ["empty"] = ([], "empty"),
        ["only an end of line"] = ("\n"u8.ToArray(), "no export"),
        ["words"] = ("Dear Sir or Madam"u8.ToArray(), "no export"),
        ["binary"] = ([.. Enumerable.Range(0, 4000).Select(one => (byte)(one * 7))], "no text"),
        ["gzip"] = (Gzip(ExportFiles.Utf8(Header)), "compressed"),
        ["gzip of a gigabyte of nothing"] = (Gzip(new byte[64 * 1024 * 1024]), "compressed"),
        ["zip"] = (Zip(), "compressed"),
        ["UTF-16"] = ([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Header)], "not UTF-8"),
        ["UTF-16 without a mark"] = (Encoding.BigEndianUnicode.GetBytes(Header), "not UTF-8"),
        ["web page"] = ("<!doctype html><script>alert(1)</script>"u8.ToArray(), "web page"),
        ["other JSON"] = ("{\"name\":\"package\",\"version\":\"1.0.0\"}"u8.ToArray(), "no export"),
        ["newer version"] = (ExportFiles.Utf8(Header.Replace(":1,", ":9,", StringComparison.Ordinal)), "newer version"),
        ["deep JSON"] = (ExportFiles.Utf8(Header + new string('[', 100_000) + "\n"), "Line 2: it is no event."),
        ["deep payload in a header"] = (ExportFiles.Utf8("{\"copilot_export\":" + new string('[', 100_000)), "no export"),
        ["script for an event"] = (ExportFiles.Utf8(Header + "<script>alert(1)</script>\n"), "Line 2: it is no event."),
        ["number twice"] = (ExportFiles.Utf8(Header + ExportFiles.Event(1) + ExportFiles.Event(1)), "event 2 is missing"),
        ["number left out"] = (ExportFiles.Utf8(Header + ExportFiles.Event(1) + ExportFiles.Event(3)), "event 2 is missing"),
        ["first number far away"] = (
            ExportFiles.Utf8(Header.Replace("null", "\"900000000000..900000000001\"", StringComparison.Ordinal) + ExportFiles.Event(900_000_000_000)), "above 1,000,000"),
        ["negative number"] = (ExportFiles.Utf8(Header + ExportFiles.Event(-1)), "event 1 is missing"),
        ["negative time"] = (ExportFiles.Utf8(Header + ExportFiles.Event(1, at: "-5")), "time is none"),
        ["time after all times"] = (ExportFiles.Utf8(Header + ExportFiles.Event(1, at: "99999999999999999")), "time is none"),
        ["time that is no number"] = (ExportFiles.Utf8(Header + ExportFiles.Event(1, at: "\"now\"")), "Line 2: it is no event."),
        ["another run"] = (ExportFiles.Utf8(Header + ExportFiles.Event(1, run: "run_2")), "does not name"),
        ["path for a clip"] = (ExportFiles.Utf8(Header.Replace("null", "\"../../etc/passwd\"", StringComparison.Ordinal)), "clip is none"),
        ["cut in a line"] = (ExportFiles.Utf8((Header + ExportFiles.Event(1) + ExportFiles.Event(2))[..^40]), "cut off in line 3"),
        ["cut in the header"] = (ExportFiles.Utf8(Header[..30]), "cut off in line 1"),
        ["cut before a run"] = (ExportFiles.Utf8(Header.Replace("\"run_1\"", "\"run_1\",\"run_2\"", StringComparison.Ordinal) + ExportFiles.Event(1)), "does not"),
        ["wrong bytes"] = ([.. ExportFiles.Utf8(Header), 0x7B, 0x22, 0xC3, 0x28, 0x22, 0x7D, 0x0A], "Line 2: it is no event."),
        ["name without an end"] = (ExportFiles.Utf8(Header + ExportFiles.Event(1, type: new string('x', 5000))), "too long"),
        ["more runs than can be"] = (ExportFiles.Utf8("{\"copilot_export\":1,\"runs\":[" + string.Join(',', Enumerable.Range(0, 20_000).Select(one => $"\"r{one}\"")) + "],\"clip\":null,\"redacted\":[]}\n"), "too many"),
    };

    private static byte[] Gzip(byte[] file)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(file);
        }

        return packed.ToArray();
    }

    private static byte[] Zip()
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("../../../etc/cron.d/run.jsonl").Open();
            entry.Write("hello"u8);
        }

        return packed.ToArray();
    }
}
