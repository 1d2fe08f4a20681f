namespace Copilot.Demo.Upstream.Faults;

/// <summary>One kind of fault.</summary>
/// <param name="Name">Its name in requests.</param>
/// <param name="Place">When it can be applied.</param>
/// <param name="Transport"><c>websocket</c>, <c>http</c>, or null for both.</param>
/// <param name="Description">What a client sees, in a few words for people.</param>
public sealed record DemoFaultKind(string Name, DemoFaultStage Place, string? Transport, string Description)
{
    /// <summary>What <see cref="DemoFault.At"/> counts.</summary>
    internal FaultCount Counts { get; init; }

    /// <summary>Where it is applied by default.</summary>
    internal int DefaultAt { get; init; }

    /// <summary>Its default pause, or the delay it reports, in seconds.</summary>
    internal double DefaultSeconds { get; init; }
}

/// <summary>When a fault can be applied.</summary>
public enum DemoFaultStage
{
    /// <summary>At the upgrade of a WebSocket, or directly after it.</summary>
    Upgrade,

    /// <summary>In a response, from before its first event to directly after its last.</summary>
    Response,

    /// <summary>At a POST, before the response begins.</summary>
    Post,
}

/// <summary>What is counted until a fault is applied.</summary>
internal enum FaultCount
{
    /// <summary>All events; at the latest it is applied before the terminal one.</summary>
    Events,

    /// <summary>Deltas of the answer's text. A response without any is spared.</summary>
    TextDeltas,

    /// <summary>Deltas of a call's arguments. A response without any is spared.</summary>
    ArgumentDeltas,
}
