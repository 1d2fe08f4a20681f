namespace Copilot.Domain.Concurrency;

/// <summary>
/// How long to wait before the next try: a bound that doubles, of which a part may be random, so that many who failed at once do not
/// come back at once. Not thread-safe; each retry loop has its own.
/// </summary>
public sealed class Backoff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _max;
    private readonly Random? _random;
    private readonly double _fixedShare;
    private int _failures;

    private Backoff(TimeSpan first, TimeSpan max, Random? random, double fixedShare) =>
        (_first, _max, _random, _fixedShare) = (first, max, random, fixedShare);

    /// <summary>The bound of the next wait.</summary>
    public TimeSpan Bound => BoundAfter(_failures);

    /// <summary>Waits exactly as long as the bound.</summary>
    /// <param name="first">The bound of the first wait.</param>
    /// <param name="max">What the bound grows to.</param>
    public static Backoff Exact(TimeSpan first, TimeSpan max) => new(first, max, random: null, fixedShare: 1);

    /// <summary>Waits a random part of the bound ("full jitter").</summary>
    /// <param name="first">The bound of the first wait.</param>
    /// <param name="max">What the bound grows to.</param>
    /// <param name="random">Where the jitter comes from.</param>
    public static Backoff FullJitter(TimeSpan first, TimeSpan max, Random random) => new(first, max, random, fixedShare: 0);

    /// <summary>Waits at least half of the bound, and a random part of the other half.</summary>
    /// <param name="first">The bound of the first wait.</param>
    /// <param name="max">What the bound grows to.</param>
    /// <param name="random">Where the jitter comes from.</param>
    public static Backoff HalfJitter(TimeSpan first, TimeSpan max, Random random) => new(first, max, random, fixedShare: 0.5);

    /// <summary>The next wait; the bound doubles.</summary>
    public TimeSpan Next() => After(_failures++);

    /// <summary>The wait after a number of failures that somebody else counts; this one's own count stays.</summary>
    /// <param name="failures">0 for the first wait.</param>
    public TimeSpan After(int failures)
    {
        var bound = BoundAfter(failures);
        return _random is null ? bound : bound * (_fixedShare + ((1 - _fixedShare) * _random.NextDouble()));
    }

    /// <summary>Begins again with the first bound. Call it when a try has succeeded.</summary>
    public void Reset() => _failures = 0;

    private TimeSpan BoundAfter(int failures)
    {
        // 2^62 ticks are beyond any bound, and the product below stays finite.
        var bound = _first.Ticks * Math.Pow(2, Math.Min(failures, 62));
        return bound >= _max.Ticks ? _max : TimeSpan.FromTicks((long)bound);
    }
}
