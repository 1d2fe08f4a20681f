using System.Text;
using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Export;
using Copilot.Tests.Golden;

namespace Copilot.Tests.Sessions.Importing;

/// <summary>Files as somebody exported them, and as somebody else made them.</summary>
internal static class ExportFiles
{
    /// <summary>A first line.</summary>
    public const string Header = "{\"copilot_export\":1,\"runs\":[\"run_1\"],\"clip\":null,\"redacted\":[\"names\"]}\n";

    /// <summary>The runs of a golden log, exact.</summary>
    public static byte[] Golden(string name) => Of(name, clip: null, Redaction.None);

    /// <summary>The runs of a golden log.</summary>
    public static byte[] Of(string name, SeqRange? clip, Redaction redaction) => RunExport.Of(GoldenLog.Read(name).Runs, clip, redaction).ToUtf8().ToArray();

    /// <summary>A line of an event of a covered file.</summary>
    public static string Event(long seq, string type = "run.started", string data = "{}", string run = "run_1", string at = "1") =>
        "{\"run_id\":\"" + run + "\",\"seq\":" + seq + ",\"at\":" + at + ",\"source\":\"upstream\",\"actor\":null,\"type\":\"" + type
        + "\",\"response_id\":null,\"call_id\":null,\"data\":" + System.Text.Json.JsonSerializer.Serialize(data) + "}\n";

    /// <summary>Text as UTF-8.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
