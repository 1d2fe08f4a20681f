namespace Copilot.Domain.Runs;

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

/// <summary>The lower-case names of event sources, as the database, the API and the hash have them.</summary>
public static class EventSourceExtensions
{
    /// <summary>The name of a source.</summary>
    public static string ToWire(this EventSource source) => source switch
    {
        EventSource.Upstream => "upstream",
        EventSource.Agent => "agent",
        EventSource.User => "user",
        EventSource.Supervisor => "supervisor",
        _ => "system",
    };

    /// <summary>The source of a name.</summary>
    /// <exception cref="ArgumentException">No source has this name.</exception>
    public static EventSource FromWire(string name) => name switch
    {
        "upstream" => EventSource.Upstream,
        "agent" => EventSource.Agent,
        "user" => EventSource.User,
        "supervisor" => EventSource.Supervisor,
        "system" => EventSource.System,
        _ => throw new ArgumentException($"'{name}' is no event source.", nameof(name)),
    };
}
