using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>What was decided about a call, and by whom.</summary>
/// <param name="Answer">How.</param>
/// <param name="Actor">The person; null when nobody decided.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Arguments">The arguments the person wrote in place of the model's, as JSON; null where they stayed.</param>
/// <param name="Reason">Why it was denied, in the person's words, or null.</param>
public sealed record ApprovalDecision(ApprovalAnswer Answer, EventActor? Actor, DateTimeOffset At, string? Arguments, string? Reason);
