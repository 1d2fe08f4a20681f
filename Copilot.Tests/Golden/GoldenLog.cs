using System.Reflection;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;

namespace Copilot.Tests.Golden;

/// <summary>
/// The log of one run, and of the runs it continues, as the product wrote it in November 2026: real rows, which are read for ever.
/// </summary>
/// <param name="Name">What happened in it; also the name of its files.</param>
/// <param name="Runs">Each run's events by number, ancestors first.</param>
internal sealed record GoldenLog(string Name, IReadOnlyList<IReadOnlyList<RunEvent>> Runs)
{
    private const string Prefix = "Golden/Logs/";

    /// <summary>The names of all logs.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Select(name => name.Replace('\\', '/'))
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".jsonl", StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^".jsonl".Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>All logs.</summary>
    public static IReadOnlyList<GoldenLog> All { get; } = [.. Names.Select(Read)];

    /// <summary>Every event of every log.</summary>
    public static IEnumerable<RunEvent> Events => All.SelectMany(log => log.Runs).SelectMany(run => run);

    /// <summary>Reads one log.</summary>
    public static GoldenLog Read(string name)
    {
        var events = GoldenFiles.Read($"Logs/{name}.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse);
        return new GoldenLog(name, [.. events.GroupBy(one => one.RunId).Select(run => run.ToArray())]);
    }

    private static RunEvent Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var row = document.RootElement;
        var actor = row.GetProperty("actor");
        return new RunEvent
        {
            RunId = row.GetProperty("run_id").GetString()!,
            Seq = row.GetProperty("seq").GetInt64(),
            At = RunTime.FromMicroseconds(row.GetProperty("at").GetInt64()),
            Source = EventSourceExtensions.FromWire(row.GetProperty("source").GetString()!),
            Actor = actor.ValueKind is JsonValueKind.Null
                ? null
                : new EventActor(actor.GetProperty("id").GetString()!, actor.GetProperty("role").GetString()!),
            Type = row.GetProperty("type").GetString()!,
            ResponseId = row.GetProperty("response_id").GetString(),
            CallId = row.GetProperty("call_id").GetString(),
            Data = row.TryGetProperty("data", out var data) ? Encoding.UTF8.GetBytes(data.GetString()!)
                : row.TryGetProperty("data_base64", out var bytes) ? bytes.GetBytesFromBase64()
                : default(ReadOnlyMemory<byte>),
            Salt = row.GetProperty("salt").ValueKind is JsonValueKind.Null ? default(ReadOnlyMemory<byte>) : row.GetProperty("salt").GetBytesFromBase64(),
            PayloadDigest = row.GetProperty("digest").GetBytesFromBase64(),
            Hash = row.GetProperty("hash").GetBytesFromBase64(),
        };
    }
}
