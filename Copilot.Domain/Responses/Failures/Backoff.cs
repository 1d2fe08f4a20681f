namespace Copilot.Domain.Responses.Failures;

/// <summary>
/// How long to wait before the next attempt: a random part of a bound that doubles ("full jitter"), so that many runs whose sockets were
/// lost together do not reconnect together. Not thread-safe; each run has its own.
/// </summary>
/// <param name="first">The bound of the first wait.</param>
/// <param name="max">Upper limit of the bound.</param>
/// <param name="random">Where the jitter comes from.</param>
public sealed class Backoff(TimeSpan first, TimeSpan max, Random random)
{
    private int _failures;

    /// <summary>The bound of the next wait.</summary>
    public TimeSpan Bound
    {
        get
        {
            // 2^62 ticks are beyond any bound, and the product below stays finite.
            var bound = first.Ticks * Math.Pow(2, Math.Min(_failures, 62));
            return bound >= max.Ticks ? max : TimeSpan.FromTicks((long)bound);
        }
    }

    /// <summary>The next wait, between zero and <see cref="Bound"/>, which then doubles.</summary>
    public TimeSpan Next()
    {
        var wait = Bound * random.NextDouble();
        _failures++;
        return wait;
    }

    /// <summary>Returns to the first bound. Call it when an event has arrived: the upstream works.</summary>
    public void Reset() => _failures = 0;
}
