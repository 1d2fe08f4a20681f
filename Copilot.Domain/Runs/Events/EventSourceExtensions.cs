namespace Copilot.Domain.Runs.Events;

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
