using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Supervision.Help;

/// <summary>A request for a person's help in a run. Why it was made is content and not part of it (<see cref="HelpEntry"/>).</summary>
public sealed record HelpRequest
{
    /// <summary>Its id (<c>help_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The run it was made in.</summary>
    public required string RunId { get; init; }

    /// <summary>The run's session.</summary>
    public required string SessionId { get; init; }

    /// <summary>Whose run it is.</summary>
    public required RunOwner Owner { get; init; }

    /// <summary>True when the agent asked, with its tool.</summary>
    public required bool IsByAgent { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Who helps; null while nobody does.</summary>
    public HelpPerson? Helper { get; init; }

    /// <summary>Since when somebody helps, or null.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>When it was closed, or null.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How long the person has waited until somebody helped, or until it was closed without that.</summary>
    public TimeSpan WaitUntil(DateTimeOffset now) => (AcceptedAt ?? ClosedAt ?? now) - RequestedAt;
}
