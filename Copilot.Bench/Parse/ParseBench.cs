using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;

namespace Copilot.Bench.Parse;

/// <summary>The event parser, which yields typed events, against <see cref="JsonDocument"/>, which only yields a tree.</summary>
internal sealed class ParseBench : IBench
{
    private const int Group = 10;

    /// <inheritdoc/>
    public string Name => "parse";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var frames = await RecordAsync(cancellationToken);
        var deltas = frames.Where(frame => frame.IsDelta).Select(frame => frame.Json).ToArray();
        var others = frames.Where(frame => !frame.IsDelta).Select(frame => frame.Json).ToArray();
        ReadOnlyMemory<byte>[] all = [.. frames.Select(frame => frame.Json)];
        // Short and many: other load on the machine affects both of a pair, or stands out.
        const int events = 20_000;
        var repetitions = Group * (run.Quick ? 5 : 15);

        var stream = Compare(all, repetitions, events);
        var delta = Compare(deltas, repetitions, events);
        var other = Compare(others, repetitions, events);
        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{all.Length} frames recorded from the demo upstream at the start, {deltas.Length} of them deltas (mean {deltas.Average(frame => frame.Length):0} bytes), {others.Length} others (mean {others.Average(frame => frame.Length):0} bytes)"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"one thread, {repetitions} interleaved repetitions of about {events} events each, in groups of {Group} whose medians are compared; both parse the same memory, neither is charged for it; the document is disposed of")),
            Figures =
            [
                new Figure("events/s against JsonDocument, whole streams", "×", stream.Ratio, Bound.AtLeast, 1, "0.00"),
                new Figure("bytes allocated per delta event", "B", Spread.Of([delta.OurBytes]), Bound.AtMost, 300, "0"),
            ],
            Tables =
            [
                new Table(
                    "Parsing",
                    ["frames", "ours, events/s", "JsonDocument, events/s", "ratio", "ours, B/event", "JsonDocument, B/event"],
                    [Row("whole streams", stream), Row("deltas", delta), Row("others", other)]),
            ],
        };
    }

    private static async Task<IReadOnlyList<(ReadOnlyMemory<byte> Json, bool IsDelta)>> RecordAsync(CancellationToken cancellationToken)
    {
        await using var upstream = await DemoUpstream.StartAsync();
        await using var client = new UpstreamClient(upstream.BaseUrl, TransportKind.WebSocket);
        var scripted = await Recordings.ScriptedAsync(client, toolRounds: 5, answerTokens: 300, cancellationToken);
        var free = await Recordings.FreeAsync(client, "Show me what you can do with headings, a table and some code.", cancellationToken);
        return [.. scripted.Concat(free).SelectMany(response => response).Select(received => (received.Json, received is TextDeltaEvent))];
    }

    private static Comparison Compare(ReadOnlyMemory<byte>[] frames, int repetitions, int events)
    {
        var passes = Math.Max(1, events / frames.Length);

        // Until both are fully compiled.
        for (var i = 0; i < 60; i++)
        {
            Ours(frames, passes);
            Document(frames, passes);
        }

        var ours = new List<double>();
        var documents = new List<double>();
        for (var i = 0; i < repetitions; i++)
        {
            ours.Add(EventsPerSecond(Ours, frames, passes));
            documents.Add(EventsPerSecond(Document, frames, passes));
        }

        return new Comparison(
            Spread.OfGroups(ours, Group),
            Spread.OfGroups(documents, Group),
            Spread.OfGroups(ours.Zip(documents, (mine, theirs) => mine / theirs), Group),
            BytesPerEvent(Ours, frames, passes),
            BytesPerEvent(Document, frames, passes));
    }

    private static double EventsPerSecond(Action<ReadOnlyMemory<byte>[], int> parse, ReadOnlyMemory<byte>[] frames, int passes)
    {
        var started = Stopwatch.GetTimestamp();
        parse(frames, passes);
        return (double)frames.Length * passes / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double BytesPerEvent(Action<ReadOnlyMemory<byte>[], int> parse, ReadOnlyMemory<byte>[] frames, int passes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        parse(frames, passes);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / ((double)frames.Length * passes);
    }

    private static void Ours(ReadOnlyMemory<byte>[] frames, int passes)
    {
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var frame in frames)
            {
                if (!ResponseEventParser.TryParse(frame, out _))
                {
                    throw new InvalidOperationException("A recorded frame is not an event.");
                }
            }
        }
    }

    private static void Document(ReadOnlyMemory<byte>[] frames, int passes)
    {
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var frame in frames)
            {
                using var document = JsonDocument.Parse(frame);
            }
        }
    }

    private static string[] Row(string name, Comparison compared) =>
    [
        name,
        compared.Ours.Show("#,0"),
        compared.Documents.Show("#,0"),
        compared.Ratio.Show("0.00"),
        compared.OurBytes.ToString("0", CultureInfo.InvariantCulture),
        compared.DocumentBytes.ToString("0", CultureInfo.InvariantCulture),
    ];

    private sealed record Comparison(Spread Ours, Spread Documents, Spread Ratio, double OurBytes, double DocumentBytes);
}
