namespace Copilot.Web.Storage.Supervision;

/// <summary>Somebody, or the agent, asked for a person's help in a run.</summary>
internal sealed class HelpRequestRow
{
    public required string Id { get; init; }

    public required string RunId { get; init; }

    public required string SessionId { get; init; }

    /// <summary>Whose run it is.</summary>
    public required string UserId { get; init; }

    /// <summary>Whose supervisors see it.</summary>
    public required string TeamId { get; init; }

    /// <summary>Why; empty once the conversation's content was deleted.</summary>
    public required string Reason { get; init; }

    /// <summary>The call of the agent's tool; null when a person asked.</summary>
    public string? CallId { get; init; }

    /// <summary>Who pressed it, or for whom the agent's run works.</summary>
    public required string RequestedBy { get; init; }

    public required long RequestedAt { get; init; }

    public string? AcceptedBy { get; set; }

    public long? AcceptedAt { get; set; }

    public string? ClosedBy { get; set; }

    public long? ClosedAt { get; set; }
}
