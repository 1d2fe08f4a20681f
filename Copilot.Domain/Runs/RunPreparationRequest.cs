using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs;

/// <summary>A run that may come: somebody has begun to write.</summary>
public sealed record RunPreparationRequest
{
    /// <summary>The session, new or existing (<c>ses_…</c>).</summary>
    public required string SessionId { get; init; }

    /// <summary>Whose session it is.</summary>
    public required RunOwner Owner { get; init; }

    /// <summary>The agent that will be asked.</summary>
    public required AgentSnapshot Agent { get; init; }
}
