namespace Copilot.Domain.Responses;

/// <summary>Which transport a run may use.</summary>
public enum TransportChoice
{
    /// <summary>WebSocket, and HTTP where the socket cannot be opened, or not soon enough.</summary>
    Auto,

    /// <summary>WebSocket only.</summary>
    WebSocket,

    /// <summary>HTTP only.</summary>
    Http,
}
