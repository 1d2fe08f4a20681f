namespace Copilot.Domain.Replay.Lanes;

/// <summary>A time in which a run only waited: drawn short, because nothing is to be seen in it.</summary>
/// <param name="From">When it began (UTC).</param>
/// <param name="To">When it ended, or the newest moment that is known.</param>
public readonly record struct IdleStretch(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>How long it was.</summary>
    public TimeSpan Length => To - From;
}
