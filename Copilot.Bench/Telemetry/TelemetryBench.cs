using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Telemetry;
using Copilot.Domain.Telemetry;

namespace Copilot.Bench.Telemetry;

/// <summary>What spans and metrics cost a run for each of its events: where nobody listens, and where somebody does.</summary>
internal sealed class TelemetryBench : IBench
{
    private const int Passes = 200;

    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public string Name => "telemetry";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var (events, summary) = Events(await RecordAsync(cancellationToken));
        var repetitions = run.Repetitions(15);
        using var metrics = new CopilotMetrics();
        var off = Measure(metrics, events, summary, repetitions);
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CopilotSource.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(spans);
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == CopilotSource.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.Start();
        var on = Measure(metrics, events, summary, repetitions);
        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{events.Count} events of one run with five tool rounds and an answer, recorded from the demo upstream at the start; one thread, {repetitions} repetitions of {Passes} passes; what a run has once (its own span, whose ids it needs) is not counted")),
            Figures = [new Figure("bytes allocated per event where nobody listens", "B", off.Bytes, Bound.AtMost, 0, "0")],
            Tables =
            [
                new Table(
                    "Spans and metrics",
                    ["listening", "B/event", "ns/event"],
                    [
                        ["nobody", off.Bytes.Show("0"), off.Nanoseconds.Show("0")],
                        ["to all spans and metrics", on.Bytes.Show("0"), on.Nanoseconds.Show("0")],
                    ]),
            ],
        };
    }

    private static async Task<IReadOnlyList<IReadOnlyList<ResponseEvent>>> RecordAsync(CancellationToken cancellationToken)
    {
        await using var upstream = await DemoUpstream.StartAsync();
        await using var client = new UpstreamClient(upstream.BaseUrl, TransportKind.WebSocket);
        return await Recordings.ScriptedAsync(client, toolRounds: 5, answerTokens: 300, cancellationToken);
    }

    // As a run records them: a request, its response, the tool calls that it asks for.
    private static (IReadOnlyList<RunEvent> Events, RunSummary Run) Events(IReadOnlyList<IReadOnlyList<ResponseEvent>> responses)
    {
        var events = new List<RunEvent>();
        for (var number = 1; number <= responses.Count; number++)
        {
            Own(RunEventTypes.AttemptSent, new AttemptSent(number, SendMode.Full, null, 1, 500, TransportKind.WebSocket, "https://api.example.com/v1/", true), callId: null);
            foreach (var upstream in responses[number - 1])
            {
                Add(EventSource.Upstream, upstream.Type, upstream.Json, callId: null);
            }

            if (number < responses.Count)
            {
                Own(RunEventTypes.ToolStarted, new ToolStarted("bench_lookup", TimeSpan.FromSeconds(30)), "call_1");
                Own(RunEventTypes.ToolCompleted, new ToolCompleted("bench_lookup", "{}", TimeSpan.FromMilliseconds(1)), "call_1");
            }
        }

        var run = new RunSummary { RunId = "run_bench", SessionId = "ses_bench", UserId = "usr_bench", TeamId = "team_default", AgentName = "Copilot", Model = "demo-1", CreatedAt = s_start };
        return (events, run);

        void Own(string type, RunEventPayload payload, string? callId) => Add(EventSource.Agent, type, RunEventRecords.Write(payload), callId);

        // Parsed here: the run folds each event before anything is made of it.
        void Add(EventSource source, string type, ReadOnlyMemory<byte> data, string? callId)
        {
            var made = new RunEvent
            {
                RunId = "run_bench",
                Seq = events.Count + 1,
                At = s_start.AddMilliseconds(20 * events.Count),
                Source = source,
                Type = type,
                CallId = callId,
                Data = data,
                Salt = new byte[32],
                PayloadDigest = new byte[32],
                Hash = new byte[32],
            };
            if (made.Payload is null && made.Upstream is null)
            {
                throw new InvalidOperationException($"{type} can't be read.");
            }

            events.Add(made);
        }
    }

    private static (Spread Bytes, Spread Nanoseconds) Measure(CopilotMetrics metrics, IReadOnlyList<RunEvent> events, RunSummary run, int repetitions)
    {
        var subject = new TraceSubject(run.RunId, Creation(), run.Model, new Uri("https://api.example.com/v1/"), metrics, CapturesContent: false);
        var (bytes, times) = (new List<double>(), new List<double>());
        for (var repetition = -5; repetition < repetitions; repetition++)
        {
            var trace = RunTrace.Begin(subject, parent: null, resumed: false, s_start);
            var (before, began) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            for (var pass = 0; pass < Passes; pass++)
            {
                for (var place = 0; place < events.Count; place++)
                {
                    trace.Observe(events[place], run);
                }
            }

            var (took, allocated) = (Stopwatch.GetElapsedTime(began), GC.GetAllocatedBytesForCurrentThread() - before);
            trace.Close(s_start);
            if (repetition >= 0)
            {
                bytes.Add((double)allocated / (Passes * events.Count));
                times.Add(took.TotalNanoseconds / (Passes * events.Count));
            }
        }

        return (Spread.Of(bytes), Spread.Of(times));
    }

    private static RunCreation Creation() => new()
    {
        SessionId = "ses_bench",
        Owner = new RunOwner("usr_bench", "team_default"),
        Agent = new AgentSnapshot { Id = "agt_bench", Version = 1, Name = "Copilot", Instructions = "Answer." },
        Metadata = new Dictionary<string, string>(),
    };
}
