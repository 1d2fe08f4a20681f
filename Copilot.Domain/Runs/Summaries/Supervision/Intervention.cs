using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Summaries.Supervision;

/// <summary>What somebody did about a run, and when.</summary>
/// <param name="Type">The event's type, <c>supervisor.…</c>.</param>
/// <param name="Actor">Who; null where the product did it because a time was up.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Seq">The event's number.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record Intervention(string Type, EventActor? Actor, DateTimeOffset At, long Seq, string? Reason);
