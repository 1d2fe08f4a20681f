using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Copilot.Domain.Telemetry;

/// <summary>The product's metrics. An instrument that nobody listens to records nothing. Its meter ends with it.</summary>
public sealed class CopilotMetrics : IDisposable
{
    private static readonly double[] s_seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] s_commitSeconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
    private static readonly long[] s_tokens =
        [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

    private readonly Meter _meter = new(new MeterOptions(CopilotSource.Name) { TelemetrySchemaUrl = CopilotSource.SchemaUrl });
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _operations;
    private readonly Histogram<double> _firstChunks;
    private readonly Histogram<double> _commits;
    private readonly Counter<long> _fallBacks;

    /// <summary>Creates the instruments.</summary>
    public CopilotMetrics()
    {
        _tokens = _meter.CreateHistogram(
            "gen_ai.client.token.usage", "{token}", "Number of input and output tokens used.", tags: null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = s_tokens });
        _operations = Seconds("gen_ai.client.operation.duration", "GenAI operation duration.", s_seconds);
        _firstChunks = Seconds("gen_ai.client.operation.time_to_first_chunk", "Time from the request to the first chunk of the response.", s_seconds);
        _commits = Seconds("copilot.store.commit.duration", "How long it takes to commit a batch of events.", s_commitSeconds);
        _fallBacks = _meter.CreateCounter<long>("copilot.upstream.fallbacks", "{fallback}", "How often another transport took the place of one that did not work.");
    }

    /// <summary>Shows how many runs work and how many wait for their turn.</summary>
    public void ObserveRuns(Func<long> active, Func<long> queued)
    {
        _meter.CreateObservableUpDownCounter("copilot.runs.active", active, "{run}", "Runs that are being worked on.");
        _meter.CreateObservableUpDownCounter("copilot.runs.queued", queued, "{run}", "Runs that wait for their turn.");
    }

    /// <summary>Shows which state the sockets to the upstream are in: 1 for that one, 0 for the others.</summary>
    public void ObserveSockets(IReadOnlyList<string> states, Func<string> current) => _meter.CreateObservableUpDownCounter(
        "copilot.upstream.socket.state",
        () =>
        {
            var now = current();
            return states.Select(state => new Measurement<long>(state == now ? 1 : 0, new KeyValuePair<string, object?>(GenAi.SocketState, state)));
        },
        "1",
        "Whether sockets to the upstream are used: closed while they are, open while they are off, half_open while one is tried.");

    /// <summary>True when somebody wants to know what responses and tool calls take.</summary>
    internal bool WantsOperations => _operations.Enabled || _firstChunks.Enabled || _tokens.Enabled;

    /// <summary>True when somebody wants to know how long commits take.</summary>
    internal bool WantsCommits => _commits.Enabled;

    /// <summary>A batch was committed.</summary>
    internal void Committed(TimeSpan duration) => _commits.Record(duration.TotalSeconds);

    /// <summary>An operation has ended.</summary>
    internal void Ended(TimeSpan duration, in TagList tags) => _operations.Record(Math.Max(0, duration.TotalSeconds), tags);

    /// <summary>The first chunk of a response has come.</summary>
    internal void FirstChunk(TimeSpan duration, in TagList tags) => _firstChunks.Record(Math.Max(0, duration.TotalSeconds), tags);

    /// <summary>Tokens were used.</summary>
    internal void Used(long input, long output, in TagList tags)
    {
        if (!_tokens.Enabled)
        {
            return;
        }

        var inputs = tags;
        inputs.Add(GenAi.TokenType, "input");
        _tokens.Record(input, inputs);
        var outputs = tags;
        outputs.Add(GenAi.TokenType, "output");
        _tokens.Record(output, outputs);
    }

    /// <summary>Another transport took the place of one that did not work.</summary>
    internal void FellBack(in TagList tags) => _fallBacks.Add(1, tags);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private Histogram<double> Seconds(string name, string description, double[] boundaries) =>
        _meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
