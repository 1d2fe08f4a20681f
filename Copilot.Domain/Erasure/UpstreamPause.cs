using Copilot.Domain.Concurrency;

namespace Copilot.Domain.Erasure;

/// <summary>
/// The wait of all deletions after the upstream failed one of them: the next one would likely meet the same. There is one, because only
/// the configured upstream is ever asked. Thread-safe.
/// </summary>
/// <param name="delays">How long to wait.</param>
internal sealed class UpstreamPause(Backoff delays)
{
    private readonly Lock _lock = new();

    /// <summary>Until when nobody should ask; may be in the past.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>How often the upstream has failed since the program started: who saw a lower number than now has missed a failure.</summary>
    public int Failures { get; private set; }

    /// <summary>Records a failure.</summary>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">How long the upstream asked to wait, or null.</param>
    /// <returns>Until when to wait.</returns>
    public DateTimeOffset Failed(DateTimeOffset now, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            Failures++;
            // Those that were sent together fail together and are one failure.
            if (Until <= now)
            {
                Until = now + TimeSpan.FromMilliseconds(Math.Floor(delays.Next().TotalMilliseconds));
            }

            if (now + retryAfter is { } asked && asked > Until)
            {
                Until = asked;
            }

            return Until;
        }
    }

    /// <summary>Records an answer that shows that the upstream works.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            delays.Reset();
        }
    }
}
