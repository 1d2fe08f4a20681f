namespace Copilot.Bench.Storm;

/// <summary>How the runs reconnected after one storm.</summary>
/// <param name="Begun">Seconds after the cut at which connects started, in order.</param>
/// <param name="Arrived">Seconds after the cut at which they arrived at the upstream, in order.</param>
/// <param name="Seconds">Until the last run had completed.</param>
/// <param name="Completed">How many runs lost their connection once and completed.</param>
internal sealed record StormOutcome(double[] Begun, double[] Arrived, double Seconds, int Completed)
{
    private const double Bin = 0.25;

    /// <summary>The maximum in any one-second window.</summary>
    public static int Busiest(double[] times)
    {
        var most = 0;
        for (int from = 0, to = 0; to < times.Length; to++)
        {
            while (times[to] - times[from] >= 1)
            {
                from++;
            }

            most = Math.Max(most, to - from + 1);
        }

        return most;
    }

    /// <summary>Connects per second over time.</summary>
    public IReadOnlyList<(double X, double Y)> Rate()
    {
        var counts = new double[(int)(Begun[^1] / Bin) + 2];
        foreach (var time in Begun)
        {
            counts[(int)(time / Bin)]++;
        }

        return [.. counts.Select((count, bin) => (bin * Bin, count / Bin))];
    }
}
