namespace Copilot.Domain.Runs.Events;

/// <summary>Who caused an event.</summary>
public enum EventSource
{
    /// <summary>The Responses API; type and JSON are its own.</summary>
    Upstream,

    /// <summary>The run itself: attempts, tools, ends.</summary>
    Agent,

    /// <summary>The person the run belongs to.</summary>
    User,

    /// <summary>A person who supervises it.</summary>
    Supervisor,

    /// <summary>The product: start, shutdown, limits.</summary>
    System,
}
