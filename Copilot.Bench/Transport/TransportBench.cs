using System.Collections.Concurrent;
using System.Globalization;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;

namespace Copilot.Bench.Transport;

/// <summary>The socket against HTTP, over modelled networks, for runs of growing length and weight.</summary>
internal sealed class TransportBench : IBench
{
    private const int Seed = 20261123;
    private const int AnswerTokens = 40;
    private const int AtOnce = 6;

    private static readonly int[] s_toolRounds = [1, 3, 5, 10, 20];
    private static readonly Conversation[] s_conversations = [new("light", 2 * 1024, 512), new("heavy", 16 * 1024, 3 * 1024)];
    private static readonly TimeSpan s_thinking = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public string Name => "transport";

    /// <inheritdoc/>
    public bool IsAsserted => false;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await using var upstream = await DemoUpstream.StartAsync();
        var repetitions = run.Repetitions(5);
        var cells = from rounds in s_toolRounds.Reverse()
                    from profile in LinkProfile.All.Reverse()
                    from conversation in s_conversations
                    select new Cell(profile, conversation, rounds, TimeSpan.Zero);
        Cell[] all = [.. cells, new Cell(LinkProfile.All[2], s_conversations[0], 10, s_thinking)];
        var measured = new ConcurrentDictionary<Cell, IReadOnlyDictionary<Carrier, List<Outcome>>>();

        // Nearly all of it is waiting for the modelled network, so several lines at once do not disturb each other much.
        await Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (cell, stop) => measured[cell] = await MeasureAsync(upstream, cell, repetitions, stop));
        return Report(measured, repetitions);
    }

    private static async Task<IReadOnlyDictionary<Carrier, List<Outcome>>> MeasureAsync(
        DemoUpstream upstream, Cell cell, int repetitions, CancellationToken cancellationToken)
    {
        var script = Recordings.Script(cell.ToolRounds, AnswerTokens);
        if (cell.Thinking > TimeSpan.Zero)
        {
            script["demo.thinking_ms"] = cell.Thinking.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        }

        await using var link = new ShapedLink(upstream.Address, cell.Profile, Seed);
        var outcomes = Enum.GetValues<Carrier>().ToDictionary(carrier => carrier, _ => new List<Outcome>());
        for (var i = 0; i < repetitions; i++)
        {
            foreach (var carrier in outcomes.Keys)
            {
                outcomes[carrier].Add(await CarriedRun.RunAsync(carrier, link, cell.Conversation, script, cancellationToken));
            }
        }

        return outcomes;
    }

    private BenchReport Report(IReadOnlyDictionary<Cell, IReadOnlyDictionary<Carrier, List<Outcome>>> measured, int repetitions) => new()
    {
        Name = Name,
        Conditions = Conditions.With(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{repetitions} interleaved repetitions, {AtOnce} modelled lines at once; the product's WebSocketTransport, HttpTransport (HTTP/1.1) and ResponsesSession against the demo upstream in the same process; seed {Seed}"),
            string.Join("; ", LinkProfile.All.Select(profile => string.Create(
                CultureInfo.InvariantCulture,
                $"{profile.Name}: {profile.RoundTrip.TotalMilliseconds} ms round trip, {profile.UpBits / 1e6:0.#} Mbit/s up, {profile.DownBits / 1e6:0.#} down, {profile.Loss * 100:0.##} % loss, {profile.ConnectRoundTrips} round trips to connect"))),
            "the line is a TCP relay that delays every byte alike, whatever it carries: serialisation, half a round trip, one round trip more for a lost packet, TCP, TLS 1.3 and CONNECT handshakes as round trips; not modelled: slow start, TLS records and certificates, jitter, compression",
            "the server is assumed to cost nothing: no time to think or to read the input, on either transport, and no saving because a socket's state is at hand; the figures are what the network alone does",
            string.Join("; ", s_conversations.Select(c => string.Create(
                CultureInfo.InvariantCulture,
                $"{c.Name}: {c.OpeningBytes / 1024.0:0.#} KB were said before, each tool call adds {c.ToolOutputBytes / 1024.0:0.#} KB"))) + string.Create(CultureInfo.InvariantCulture, $"; one call a round, then an answer of {AnswerTokens} tokens; tools and instructions (0.5 KB) go with every request")),
        Figures = [],
        Tables =
        [
            .. s_conversations.Select(conversation => TimeTable(measured, conversation)),
            FirstTokens(measured),
            .. s_conversations.Select(conversation => Bytes(measured, conversation)),
            Thinking(measured),
        ],
        Plots =
        [
            .. s_conversations.Select(conversation => new Plot(
                $"transport-time-{conversation.Name}.svg",
                $"Time saved by a socket opened before against kept-alive HTTP, {conversation.Name} conversation",
                LinePlot.Draw(
                    $"Time saved by a socket opened before against kept-alive HTTP, % ({conversation.Name})",
                    "tool rounds",
                    [.. LinkProfile.All.Select(profile => (profile.Name, Points(rounds =>
                        Saved(measured[new Cell(profile, conversation, rounds, TimeSpan.Zero)], Carrier.OpenSocket, Carrier.KeepAlive, o => o.Seconds).Median)))]))),
            new Plot(
                "transport-bytes.svg",
                "Kilobytes sent up, heavy conversation",
                LinePlot.Draw(
                    "Kilobytes sent up (heavy)",
                    "tool rounds",
                    [
                        .. new[] { (Carrier.Socket, "socket"), (Carrier.KeepAlive, "HTTP, kept alive"), (Carrier.Stored, "HTTP, stored"), (Carrier.Fresh, "HTTP, fresh") }
                            .Select(line => (line.Item2, Points(rounds => Median(
                                measured[new Cell(LinkProfile.All[0], s_conversations[1], rounds, TimeSpan.Zero)][line.Item1], o => o.Traffic.Up / 1024.0)))),
                    ])),
        ],
    };

    private static Table TimeTable(IReadOnlyDictionary<Cell, IReadOnlyDictionary<Carrier, List<Outcome>>> measured, Conversation conversation) => new(
        $"From the request to the end of the answer, {conversation.Name} conversation",
        ["network, tool rounds", "socket opened before, s", "socket, s", "HTTP kept alive, s", "HTTP stored, s", "HTTP fresh, s", "opened before saves against kept alive", "against stored", "socket saves against fresh"],
        [
            .. from profile in LinkProfile.All
               from rounds in s_toolRounds
               let outcomes = measured[new Cell(profile, conversation, rounds, TimeSpan.Zero)]
               select (IReadOnlyList<string>)
               [
                   string.Create(CultureInfo.InvariantCulture, $"{profile.Name}, {rounds}"),
                   .. new[] { Carrier.OpenSocket, Carrier.Socket, Carrier.KeepAlive, Carrier.Stored, Carrier.Fresh }.Select(carrier => Seconds(outcomes[carrier])),
                   Saved(outcomes, Carrier.OpenSocket, Carrier.KeepAlive, o => o.Seconds).Show("0") + " %",
                   Saved(outcomes, Carrier.OpenSocket, Carrier.Stored, o => o.Seconds).Show("0") + " %",
                   Saved(outcomes, Carrier.Socket, Carrier.Fresh, o => o.Seconds).Show("0") + " %",
               ],
        ]);

    private static Table FirstTokens(IReadOnlyDictionary<Cell, IReadOnlyDictionary<Carrier, List<Outcome>>> measured) => new(
        "Time to the first token, light conversation (the first delta of the first response), ms",
        ["network", "socket opened before", "socket", "HTTP kept alive", "HTTP fresh"],
        [
            .. LinkProfile.All.Select(profile =>
            {
                // The first response is the same however many follow.
                var cells = s_toolRounds.Select(rounds => measured[new Cell(profile, s_conversations[0], rounds, TimeSpan.Zero)]).ToArray();
                return (IReadOnlyList<string>)
                [
                    profile.Name,
                    .. new[] { Carrier.OpenSocket, Carrier.Socket, Carrier.KeepAlive, Carrier.Fresh }.Select(carrier =>
                        Spread.Of(cells.SelectMany(cell => cell[carrier]).Select(o => o.FirstTokenSeconds * 1000)).Show("0")),
                ];
            }),
        ]);

    private static Table Bytes(IReadOnlyDictionary<Cell, IReadOnlyDictionary<Carrier, List<Outcome>>> measured, Conversation conversation) => new(
        $"Bytes and connections, {conversation.Name} conversation (the network does not matter)",
        ["tool rounds", "up: socket, KB", "kept alive, KB", "stored, KB", "fresh, KB", "saved, kept alive", "down: socket, KB", "kept alive, KB", "connections: socket", "kept alive", "fresh"],
        [
            .. s_toolRounds.Select(rounds =>
            {
                var outcomes = measured[new Cell(LinkProfile.All[0], conversation, rounds, TimeSpan.Zero)];
                return (IReadOnlyList<string>)
                [
                    rounds.ToString(CultureInfo.InvariantCulture),
                    Kilobytes(outcomes[Carrier.Socket], t => t.Up),
                    Kilobytes(outcomes[Carrier.KeepAlive], t => t.Up),
                    Kilobytes(outcomes[Carrier.Stored], t => t.Up),
                    Kilobytes(outcomes[Carrier.Fresh], t => t.Up),
                    Saved(outcomes, Carrier.Socket, Carrier.KeepAlive, o => o.Traffic.Up).Median.ToString("0", CultureInfo.InvariantCulture) + " %",
                    Kilobytes(outcomes[Carrier.Socket], t => t.Down),
                    Kilobytes(outcomes[Carrier.KeepAlive], t => t.Down),
                    .. new[] { Carrier.Socket, Carrier.KeepAlive, Carrier.Fresh }.Select(carrier =>
                        Median(outcomes[carrier], o => o.Traffic.Connections).ToString("0", CultureInfo.InvariantCulture)),
                ];
            }),
        ]);

    private static Table Thinking(IReadOnlyDictionary<Cell, IReadOnlyDictionary<Carrier, List<Outcome>>> measured)
    {
        var cell = new Cell(LinkProfile.All[2], s_conversations[0], 10, s_thinking);
        return new Table(
            string.Create(CultureInfo.InvariantCulture, $"With a model that thinks {s_thinking.TotalMilliseconds:0} ms before each response ({cell.Profile.Name}, {cell.Conversation.Name}, {cell.ToolRounds} rounds)"),
            ["model", "socket opened before, s", "HTTP kept alive, s", "HTTP fresh, s", "saved against kept alive", "against fresh"],
            [.. new[] { cell with { Thinking = TimeSpan.Zero }, cell }.Select(one => (IReadOnlyList<string>)
            [
                one.Thinking > TimeSpan.Zero ? "thinks" : "answers at once",
                Seconds(measured[one][Carrier.OpenSocket]),
                Seconds(measured[one][Carrier.KeepAlive]),
                Seconds(measured[one][Carrier.Fresh]),
                Saved(measured[one], Carrier.OpenSocket, Carrier.KeepAlive, o => o.Seconds).Show("0") + " %",
                Saved(measured[one], Carrier.OpenSocket, Carrier.Fresh, o => o.Seconds).Show("0") + " %",
            ])]);
    }

    /// <summary>Per cent that one carrier saves against another, repetition by repetition.</summary>
    private static Spread Saved(IReadOnlyDictionary<Carrier, List<Outcome>> outcomes, Carrier one, Carrier other, Func<Outcome, double> value) =>
        Spread.Of(outcomes[one].Zip(outcomes[other], (socket, http) => 100 * (1 - (value(socket) / value(http)))));

    private static IReadOnlyList<(double X, double Y)> Points(Func<int, double> value) =>
        [.. s_toolRounds.Select(rounds => ((double)rounds, value(rounds)))];

    private static double Median(IEnumerable<Outcome> outcomes, Func<Outcome, double> value) => Spread.Of(outcomes.Select(value)).Median;

    private static string Seconds(IEnumerable<Outcome> outcomes) => Spread.Of(outcomes.Select(o => o.Seconds)).Show("0.00");

    private static string Kilobytes(IEnumerable<Outcome> outcomes, Func<Traffic, long> bytes) =>
        Median(outcomes, o => bytes(o.Traffic) / 1024.0).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>One place in the grid.</summary>
    private sealed record Cell(LinkProfile Profile, Conversation Conversation, int ToolRounds, TimeSpan Thinking);
}
