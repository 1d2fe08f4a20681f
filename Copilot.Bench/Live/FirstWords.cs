using System.Globalization;

namespace Copilot.Bench.Live;

/// <summary>How late the first word of an answer is in the page of a run, with one run and one page at a time.</summary>
internal static class FirstWords
{
    private const int Words = 5;

    /// <summary>Times in milliseconds, sorted.</summary>
    public static async Task<double[]> MeasureAsync(BenchRun run, CancellationToken cancellationToken)
    {
        using var upstream = await LiveProcess.StartAsync(LiveUpstream.Command, Words.ToString(CultureInfo.InvariantCulture));
        using var server = await LiveProcess.StartAsync(LiveServer.Command, run.NewFolder(), new Uri(upstream.Address, "/v1").ToString());
        var supervisor = await CircuitViewer.SignInAsync(server.Address, "supervisor1");
        var lags = new List<double>();

        // The first run of a process compiles its code, which no later one does.
        for (var i = -2; i < (run.Quick ? 20 : 60); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var id = await server.AskAsync("start 1");
            await using var page = await CircuitViewer.OpenAsync(server.Address, supervisor, $"/runs/{id}");
            await server.AskAsync("wait");
            await page.SeeAsync(Words - 1);
            if (i >= 0)
            {
                lags.AddRange(page.Read(words => words.FirstLags.ToArray()));
            }
        }

        return [.. lags.Order()];
    }
}
