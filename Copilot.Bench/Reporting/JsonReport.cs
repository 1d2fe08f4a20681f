using System.Text.Json;
using System.Text.Json.Serialization;

namespace Copilot.Bench.Reporting;

/// <summary>Writes reports for machines.</summary>
internal static class JsonReport
{
    public static void Write(string path, IReadOnlyList<BenchReport> reports)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(reports, BenchJson.Default.IReadOnlyListBenchReport));
    }
}

/// <summary>The shape of the written results.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<BenchReport>))]
internal sealed partial class BenchJson : JsonSerializerContext;
