using System.Diagnostics;
using System.Net;
using Copilot.Bench.Reporting;

namespace Copilot.Bench.Live;

/// <summary>One load: so many runs at once, supervisors on the wall, supervisors inside runs.</summary>
/// <param name="Runs">Runs, each with <see cref="LiveUpstream.WordsPerSecond"/> events a second.</param>
/// <param name="OnTheWall">Pages on the wall.</param>
/// <param name="Inside">Pages inside runs, each in another.</param>
/// <param name="Words">Words of each run's answer: how long it lasts.</param>
internal sealed record LiveLoad(int Runs, int OnTheWall, int Inside, int Words)
{
    // Runs that start all at once leave little for pages that open meanwhile.
    private static readonly TimeSpan s_opening = TimeSpan.FromSeconds(15);

    // A word that has not come by then is lost.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Carries the load and says what was seen.</summary>
    /// <param name="folder">An empty folder for the server's data.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<LiveOutcome> CarryAsync(string folder, CancellationToken cancellationToken)
    {
        using var upstream = await LiveProcess.StartAsync(LiveUpstream.Command, Words.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var server = await LiveProcess.StartAsync(LiveServer.Command, folder, new Uri(upstream.Address, "/v1").ToString());
        var supervisor = await CircuitViewer.SignInAsync(server.Address, "supervisor1");
        await WarmUpAsync(server, supervisor);
        var idle = (await server.AskNumbersAsync("memory"))[0];
        var wall = await OpenAsync(OnTheWall, server, supervisor, _ => "/live");
        var afterWall = (await server.AskNumbersAsync("memory"))[0];
        var began = (Server: server.Cpu, Upstream: upstream.Cpu, Own: Process.GetCurrentProcess().TotalProcessorTime, At: Stopwatch.GetTimestamp());
        var ids = (await server.AskAsync($"start {Runs}")).Split(' ');
        var inside = await OpenAsync(Inside, server, supervisor, i => $"/runs/{ids[i % ids.Length]}");
        // What is measured begins when everything stands: that each page has drawn its run, too.
        await Task.WhenAll(inside.Select(viewer => viewer.SeeAsync(0))).WaitAsync(s_opening, cancellationToken);
        var opened = Stopwatch.GetElapsedTime(began.At);
        foreach (var viewer in wall.Concat(inside))
        {
            viewer.Read(words =>
            {
                words.Reset();
                words.Until = Words - LiveUpstream.WordsPerSecond;
                return 0;
            });
        }

        long resident = 0;
        var ended = server.AskNumbersAsync("wait");
        while (!ended.IsCompleted)
        {
            resident = Math.Max(resident, server.Resident);
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken));
        }

        var elapsed = Stopwatch.GetElapsedTime(began.At);
        var (events, failed) = await ended is [var stored, var lost] ? (stored, lost) : throw new InvalidOperationException("The server did not say how the runs ended.");

        // The runs are over; the pages get what is left of them.
        await Task.WhenAny(Task.WhenAll(inside.Select(viewer => viewer.SeeAsync(Words - 1))), Task.Delay(s_patience, cancellationToken));
        var outcome = new LiveOutcome
        {
            Elapsed = elapsed,
            Opened = opened,
            Events = events,
            FailedRuns = failed,
            Inside = Sorted(inside),
            OnTheWall = Sorted(wall),
            ServerCpu = server.Cpu - began.Server,
            UpstreamCpu = upstream.Cpu - began.Upstream,
            LoadCpu = Process.GetCurrentProcess().TotalProcessorTime - began.Own,
            Resident = resident,
            BytesPerWallPage = wall.Length == 0 ? 0 : (afterWall - idle) / (double)wall.Length,
            SentToWallPage = wall.Length == 0 ? 0 : wall.Average(viewer => viewer.Bytes),
            SentToRunPage = inside.Length == 0 ? 0 : inside.Average(viewer => viewer.Bytes),
            WordsMissing = inside.Sum(viewer => viewer.Read(words => words.Seen.Values.Any(last => last == Words - 1) ? 0 : 1)),
        };
        foreach (var viewer in wall.Concat(inside))
        {
            if (viewer.Failed.IsFaulted)
            {
                await viewer.Failed;
            }

            await viewer.DisposeAsync();
        }

        return outcome;
    }

    // The first run of a process compiles its code, which no later one does.
    private static async Task WarmUpAsync(LiveProcess server, CookieContainer supervisor)
    {
        var id = await server.AskAsync("start 1");
        await using var inside = await CircuitViewer.OpenAsync(server.Address, supervisor, $"/runs/{id}");
        await using var wall = await CircuitViewer.OpenAsync(server.Address, supervisor, "/live");
        await server.AskAsync("wait");
    }

    private static async Task<CircuitViewer[]> OpenAsync(int count, LiveProcess server, CookieContainer cookies, Func<int, string> path)
    {
        var viewers = new CircuitViewer[count];
        for (var i = 0; i < count; i++)
        {
            viewers[i] = await CircuitViewer.OpenAsync(server.Address, cookies, path(i));
        }

        return viewers;
    }

    private static double[] Sorted(IEnumerable<CircuitViewer> viewers) =>
        [.. viewers.SelectMany(viewer => viewer.Read(words => words.Lags.ToArray())).Order()];
}

/// <summary>What was seen of a load. Times in milliseconds, sorted; memory in bytes.</summary>
internal sealed record LiveOutcome
{
    /// <summary>From the first start to the last end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>From the first start until every page inside a run has drawn a word of it.</summary>
    public required TimeSpan Opened { get; init; }

    /// <summary>Events of all runs.</summary>
    public required long Events { get; init; }

    /// <summary>Runs that failed; there should be none.</summary>
    public required long FailedRuns { get; init; }

    /// <summary>Pages inside a run that never saw its last word; there should be none.</summary>
    public required int WordsMissing { get; init; }

    /// <summary>From the upstream's frame to the render batch of pages inside runs.</summary>
    public required double[] Inside { get; init; }

    /// <summary>From the upstream's frame to the render batch of pages on the wall.</summary>
    public required double[] OnTheWall { get; init; }

    /// <summary>Processor time of the server.</summary>
    public required TimeSpan ServerCpu { get; init; }

    /// <summary>Processor time of the upstream.</summary>
    public required TimeSpan UpstreamCpu { get; init; }

    /// <summary>Processor time of the pages' side.</summary>
    public required TimeSpan LoadCpu { get; init; }

    /// <summary>The server's resident memory, at its highest.</summary>
    public required long Resident { get; init; }

    /// <summary>What a page on the empty wall holds on the server.</summary>
    public required double BytesPerWallPage { get; init; }

    /// <summary>Sent to a page on the wall, in bytes: render batches, and what scripts are told.</summary>
    public required double SentToWallPage { get; init; }

    /// <summary>Sent to a page inside a run, in bytes: render batches, and what scripts are told.</summary>
    public required double SentToRunPage { get; init; }

    /// <summary>A quantile of times.</summary>
    public static double At(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : Spread.Quantile(sorted, share);
}
