namespace Copilot.Domain.Responses;

/// <summary>What carries a run's requests.</summary>
public enum TransportKind
{
    /// <summary>One socket for the whole run.</summary>
    WebSocket,

    /// <summary>One POST per response, streamed as server-sent events.</summary>
    Http,
}
