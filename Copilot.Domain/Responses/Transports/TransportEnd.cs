namespace Copilot.Domain.Responses.Transports;

/// <summary>How and why a transport ended.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="CloseCode">The WebSocket close code that was sent or received, or null.</param>
/// <param name="Detail">One sentence for people, or null for a clean end.</param>
public sealed record TransportEnd(TransportEndReason Reason, int? CloseCode, string? Detail)
{
    /// <summary>The time-out that ended it, or null for another cause.</summary>
    public UpstreamTimeout? Timeout { get; init; }
}
