namespace Copilot.Domain.Replay.Compare;

/// <summary>Puts two sequences side by side in the way that has the most in common: a longest common subsequence with weights.</summary>
internal static class SequenceAlignment
{
    // Four bytes each. No run of today's limits comes near it.
    private const long MostCells = 4_000_000;

    /// <summary>The places of both sequences, each once and in order: in pairs where they belong together, else alone.</summary>
    /// <param name="first">How many places the first has.</param>
    /// <param name="second">How many the second has.</param>
    /// <param name="score">How well two places belong together; 0 where they do not.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<(int? A, int? B)> Of(int first, int second, Func<int, int, int> score, CancellationToken cancellationToken) =>
        (first + 1L) * (second + 1L) > MostCells ? InPlace(first, second, score) : Best(first, second, score, cancellationToken);

    private static List<(int? A, int? B)> Best(int first, int second, Func<int, int, int> score, CancellationToken cancellationToken)
    {
        // What can be reached from two places on, filled from the end.
        var reach = new int[first + 1, second + 1];
        for (var a = first - 1; a >= 0; a--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var b = second - 1; b >= 0; b--)
            {
                var alone = Math.Max(reach[a + 1, b], reach[a, b + 1]);
                reach[a, b] = score(a, b) is > 0 and var together ? Math.Max(alone, reach[a + 1, b + 1] + together) : alone;
            }
        }

        var places = new List<(int? A, int? B)>();
        var (x, y) = (0, 0);
        while (x < first || y < second)
        {
            if (x < first && y < second && score(x, y) is > 0 and var together && reach[x, y] == reach[x + 1, y + 1] + together)
            {
                places.Add((x++, y++));
            }
            else if (x < first && (y == second || reach[x, y] == reach[x + 1, y]))
            {
                places.Add((x++, null));
            }
            else
            {
                places.Add((null, y++));
            }
        }

        return places;
    }

    private static List<(int? A, int? B)> InPlace(int first, int second, Func<int, int, int> score)
    {
        var places = new List<(int? A, int? B)>();
        for (var place = 0; place < Math.Max(first, second); place++)
        {
            if (place < first && place < second && score(place, place) > 0)
            {
                places.Add((place, place));
                continue;
            }

            if (place < first)
            {
                places.Add((place, null));
            }

            if (place < second)
            {
                places.Add((null, place));
            }
        }

        return places;
    }
}
