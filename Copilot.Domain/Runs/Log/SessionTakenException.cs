namespace Copilot.Domain.Runs.Log;

/// <summary>A new run names a session that belongs to somebody else or was deleted. Nothing was committed.</summary>
public sealed class SessionTakenException(string sessionId)
    : Exception($"Session {sessionId} belongs to somebody else or was deleted.")
{
    /// <summary>The session.</summary>
    public string SessionId { get; } = sessionId;
}
