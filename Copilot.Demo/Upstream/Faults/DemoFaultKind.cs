namespace Copilot.Demo.Upstream.Faults;

/// <summary>One way to misbehave.</summary>
/// <param name="Name">What an order calls it.</param>
/// <param name="Place">When it can strike.</param>
/// <param name="Transport"><c>websocket</c>, <c>http</c>, or null for both.</param>
/// <param name="Description">What a client meets, in a few words for people.</param>
public sealed record DemoFaultKind(string Name, DemoFaultStage Place, string? Transport, string Description)
{
    /// <summary>What <see cref="DemoFault.At"/> counts.</summary>
    internal FaultCount Counts { get; init; }

    /// <summary>Where it strikes unless the order says so.</summary>
    internal int DefaultAt { get; init; }

    /// <summary>Its pause or the delay it tells, in seconds, unless the order says so.</summary>
    internal double DefaultSeconds { get; init; }
}

/// <summary>When a fault can strike.</summary>
public enum DemoFaultStage
{
    /// <summary>At the upgrade of a WebSocket, or directly after it.</summary>
    Upgrade,

    /// <summary>In a response, from before its first event to directly after its last.</summary>
    Response,

    /// <summary>At a POST, before the response begins.</summary>
    Post,
}

/// <summary>What is counted until a fault strikes.</summary>
internal enum FaultCount
{
    /// <summary>All events; at the latest it strikes before the terminal one.</summary>
    Events,

    /// <summary>Deltas of the answer's text. A response without any is spared.</summary>
    TextDeltas,

    /// <summary>Deltas of a call's arguments. A response without any is spared.</summary>
    ArgumentDeltas,
}
