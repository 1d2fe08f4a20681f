using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Copilot.Bench.Overhead;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Bench.Transport;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.WarmUp;

/// <summary>Time to the first token of a whole run, with and without a connection that was made ready while the message was typed.</summary>
internal sealed class WarmUpBench : IBench
{
    private const int Seed = 20261126;
    private const int AtOnce = 4;

    private static readonly TimeSpan s_typing = TimeSpan.FromSeconds(4);
    private static readonly History[] s_histories = [new("new conversation", 0), new("long conversation", 96 * 1024)];
    private static readonly WarmUpMode[] s_modes = [WarmUpMode.Off, WarmUpMode.Socket, WarmUpMode.Request];

    /// <inheritdoc/>
    public string Name => "warmup";

    /// <inheritdoc/>
    public bool IsAsserted => false;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await using var upstream = await DemoUpstream.StartAsync();
        var repetitions = run.Repetitions(7);
        var cells = from profile in LinkProfile.All.Reverse() from history in s_histories select new Cell(profile, history);
        var measured = new ConcurrentDictionary<Cell, IReadOnlyDictionary<WarmUpMode, List<double>>>();
        await Parallel.ForEachAsync(
            cells,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (cell, stop) => measured[cell] = await MeasureAsync(upstream, cell, run, repetitions, stop));
        return Report(measured, repetitions);
    }

    private static async Task<IReadOnlyDictionary<WarmUpMode, List<double>>> MeasureAsync(
        DemoUpstream upstream, Cell cell, BenchRun run, int repetitions, CancellationToken cancellationToken)
    {
        await using var link = new ShapedLink(upstream.Address, cell.Profile, Seed);
        var outcomes = s_modes.ToDictionary(mode => mode, _ => new List<double>());
        var hosts = new Dictionary<WarmUpMode, BenchDatabase>();
        try
        {
            foreach (var mode in s_modes)
            {
                hosts[mode] = await BenchDatabase.CreateAsync(run.NewFolder(), services =>
                {
                    ProductRuns.Add(services, link.BaseUrl);
                    services.Configure<UpstreamOptions>(options => options.WarmUp = mode);
                });
            }

            for (var i = 0; i < repetitions; i++)
            {
                foreach (var mode in s_modes)
                {
                    outcomes[mode].Add(await FirstTokenAsync(hosts[mode].Services, cell.History, cancellationToken));
                }
            }

            return outcomes;
        }
        finally
        {
            foreach (var host in hosts.Values)
            {
                await host.Services.GetRequiredService<RunRegistry>().DisposeAsync();
                await host.DisposeAsync();
            }
        }
    }

    /// <summary>Milliseconds from sending a message until a follower has the first word of its answer.</summary>
    private static async Task<double> FirstTokenAsync(IServiceProvider services, History history, CancellationToken cancellationToken)
    {
        var conversation = new TypedConversation(services);
        if (history.Characters > 0)
        {
            await conversation.AskAsync(history.Message, cancellationToken);
        }

        await conversation.PrepareAsync(cancellationToken);
        await Task.Delay(s_typing, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var first = await conversation.AskAsync("And what can you do for me?", cancellationToken);
        return Stopwatch.GetElapsedTime(started, first).TotalMilliseconds;
    }

    private BenchReport Report(IReadOnlyDictionary<Cell, IReadOnlyDictionary<WarmUpMode, List<double>>> measured, int repetitions) => new()
    {
        Name = Name,
        Conditions = Conditions.With(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{repetitions} interleaved repetitions, {AtOnce} modelled lines at once, networks as in the transport bench; whole runs (loop, log, commit, follow) against the demo upstream in the same process; {s_typing.TotalSeconds:0} s of typing before each message; seed {Seed}"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"the long conversation has {s_histories[1].Characters / 1024} KB before the message; the upstream is assumed to read for nothing, so what a real model saves by reading ahead comes on top")),
        Figures = [],
        Tables =
        [
            .. s_histories.Select(history => new Table(
                $"From sending to the first word, {history.Name}, ms",
                ["network", "nothing made ready", "socket opened", "and warmed", "opened saves", "warmed saves"],
                [
                    .. LinkProfile.All.Select(profile =>
                    {
                        var outcomes = measured[new Cell(profile, history)];
                        return (IReadOnlyList<string>)
                        [
                            profile.Name,
                            .. s_modes.Select(mode => Spread.Of(outcomes[mode]).Show("0")),
                            Saved(outcomes, WarmUpMode.Socket).Show("0") + " %",
                            Saved(outcomes, WarmUpMode.Request).Show("0") + " %",
                        ];
                    }),
                ])),
        ],
    };

    private static Spread Saved(IReadOnlyDictionary<WarmUpMode, List<double>> outcomes, WarmUpMode mode) =>
        Spread.Of(outcomes[mode].Zip(outcomes[WarmUpMode.Off], (ready, cold) => 100 * (1 - (ready / cold))));

    /// <summary>One place in the grid.</summary>
    private sealed record Cell(LinkProfile Profile, History History);

    /// <summary>The conversation so far.</summary>
    private sealed record History(string Name, int Characters)
    {
        public string Message => string.Concat(Enumerable.Repeat("a row of plain words ", (Characters / 21) + 1))[..Characters];
    }
}
