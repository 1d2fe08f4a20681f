using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Copilot.Bench.Reporting;

/// <summary>Writes reports for machines.</summary>
internal static class JsonReport
{
    public static void Write(string path, IReadOnlyList<BenchReport> reports) =>
        Write(path, JsonSerializer.SerializeToNode(reports, BenchJson.Default.IReadOnlyListBenchReport)!);

    /// <summary>Writes reports that are JSON already.</summary>
    public static void Write(string path, JsonNode reports)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, reports.ToJsonString(BenchJson.Default.Options));
    }
}

/// <summary>The shape of the written results.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<BenchReport>))]
internal sealed partial class BenchJson : JsonSerializerContext;
