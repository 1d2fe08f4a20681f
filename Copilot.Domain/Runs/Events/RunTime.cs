namespace Copilot.Domain.Runs.Events;

/// <summary>Times of events: UTC in whole microseconds, because that is what the database keeps and the hash covers.</summary>
public static class RunTime
{
    /// <summary>Now, cut to microseconds.</summary>
    public static DateTimeOffset Now(TimeProvider time) => FromMicroseconds(ToMicroseconds(time.GetUtcNow()));

    /// <summary>Microseconds since the Unix epoch.</summary>
    public static long ToMicroseconds(DateTimeOffset at) =>
        (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time from microseconds since the Unix epoch.</summary>
    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
